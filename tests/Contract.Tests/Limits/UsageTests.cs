using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.ModelServer;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Limits;

/// <summary>What a tenant used, told by <c>GET /api/usage</c> and by the model server itself; and what it may use.</summary>
public abstract class UsageTests(DatabaseKind database) : IAsyncLifetime
{
    public sealed class OnSqlite() : UsageTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : UsageTests(DatabaseKind.Postgres);

    private MeteredServer _metered = null!;
    private TestTenant _tenant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _metered = await MeteredServer.StartAsync(database, Cancellation);
        _tenant = await _metered.NewTenantAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _tenant.Dispose();
        await _metered.DisposeAsync();
    }

    [Fact]
    public async Task Usage_and_its_cost_equal_the_model_servers_own_count()
    {
        var ids = new List<string>();
        for (var i = 0; i < 4; i++) ids.Add(await _tenant.Client.CreateSessionAsync(Cancellation));
        string[] questions = ["#tokens=5", "#tool=time_now {}", "#tokens=40 #delay=1", "hello"];
        await Task.WhenAll(ids.SelectMany(id => questions.Select(question => _tenant.Client.SendMessageAsync(id, question, Cancellation))));

        var row = await UsageAsync();
        var asked = await _metered.Models.RequestsAsync();
        Assert.Equal(ids.Count * (questions.Length + 1), asked.Count);
        var (input, output) = (7 * asked.Count, asked.Sum(request => request.ChunksSent));
        Assert.Equal((ids.Count * questions.Length, input, output), (Number(row, "turns"), Number(row, "inputTokens"), Number(row, "outputTokens")));
        Assert.Equal((0, 0), (Number(row, "estimatedInputTokens"), Number(row, "estimatedOutputTokens")));
        Assert.Equal((input * 0.001m) + (output * 0.002m), row.GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task A_call_that_does_not_fit_into_the_tokens_left_is_refused_and_not_made()
    {
        await _tenant.LimitUsageAsync(Cancellation, monthlyTokens: MeteredServer.ReservedOutput);
        var id = await _tenant.Client.CreateSessionAsync(Cancellation);

        IsSpent(await _tenant.Client.SendMessageAsync(id, "hello", Cancellation), "monthlyTokens");
        await using var stream = await _tenant.Client.StreamMessageAsync(id, "hello", Cancellation);
        var last = (await stream.ReadToEndAsync(Cancellation))[^1];

        Assert.Equal("error", last.Type);
        Assert.Equal("RATE_LIMITED", last.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(await _metered.Models.RequestsAsync());
    }

    [Fact]
    public async Task A_message_is_refused_when_the_budget_is_spent_and_taken_again_when_it_is_raised()
    {
        await _tenant.LimitUsageAsync(Cancellation, monthlyCost: 1);
        var id = await _tenant.Client.CreateSessionAsync(Cancellation);
        // Twice as many tokens as it was allowed: 1.207 of 1.
        SessionCalls.Require(await _tenant.Client.SendMessageAsync(id, "#tokens=600", Cancellation), 200);
        Assert.Contains(
            $"\"max_completion_tokens\":{MeteredServer.ReservedOutput}",
            Assert.Single(await _metered.Models.RequestsAsync()).Body,
            StringComparison.Ordinal);

        IsSpent(await _tenant.Client.SendMessageAsync(id, "hello", Cancellation), "monthlyCost");
        Assert.Equal(2, (await _tenant.Client.HistoryAsync(id, Cancellation)).Count);

        await _tenant.LimitUsageAsync(Cancellation, monthlyCost: 100);
        var raisedAt = TimeProvider.System.GetTimestamp();
        ApiResponse answer;
        do answer = await _tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        while (answer.Status == 429 && TimeProvider.System.GetElapsedTime(raisedAt) < TimeSpan.FromSeconds(1));
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Turns_at_once_do_not_overspend()
    {
        // Each call reserves 100 and its prompt, of 20 to 50 tokens where no skill is told of, and uses 17.
        foreach (var skill in new[] { "github", "report-generator" }) await _tenant.Client.PatchAsync($"/api/skills/{skill}", new { enabled = false }, Cancellation);
        await _tenant.LimitUsageAsync(Cancellation, monthlyTokens: 1000);
        var ids = new List<string>();
        for (var i = 0; i < 30; i++) ids.Add(await _tenant.Client.CreateSessionAsync(Cancellation));
        var gate = new ModelRule { UserContains = "at once", Answer = new ModelAnswer { Text = "a b c d e f g h i j", FirstDelayMilliseconds = 4000 } };
        await _metered.Models.ScriptAsync(gate);

        var answers = await Task.WhenAll(ids.Select(id => _tenant.Client.SendMessageAsync(id, "at once", Cancellation)));

        Assert.InRange(answers.Count(answer => answer.Status == 200), 6, 8);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => IsSpent(answer, "monthlyTokens"));
    }

    private async Task<JsonElement> UsageAsync() =>
        Assert.Single((await _tenant.Client.GetAsync("/api/usage", Cancellation)).Json.GetProperty("usage").EnumerateArray());

    private static int Number(JsonElement row, string name) => row.GetProperty(name).GetInt32();

    private static void IsSpent(ApiResponse response, string limit)
    {
        var error = ErrorAssert.IsError(response, 429, "RATE_LIMITED");
        var seconds = error.GetProperty("retryAfter").GetInt32();
        Assert.InRange(seconds, 1, 31 * 24 * 3600);
        Assert.Equal($"{seconds}", response.Header("Retry-After"));
        Assert.Contains(limit, error.GetProperty("details").GetProperty("reason").GetString()!, StringComparison.Ordinal);
    }
}
