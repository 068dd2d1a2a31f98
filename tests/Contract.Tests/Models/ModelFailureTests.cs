using OpenClaw.Contract.Tests.Support;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Models;

/// <summary>Each way in which a model server fails has its defined answer, streamed or not, and the session goes on.</summary>
public sealed class ModelFailureTests(ImpatientModelFixture fixture) : IClassFixture<ImpatientModelFixture>
{
    private const string OpenAI = "gpt-4o";
    private const string Anthropic = "claude-3-5-sonnet-20241022";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OpenAI, 429)]
    [InlineData(OpenAI, 500)]
    [InlineData(OpenAI, 503)]
    [InlineData(Anthropic, 429)]
    [InlineData(Anthropic, 529)]
    public async Task A_failure_that_passes_is_not_seen(string model, int status)
    {
        var (tenant, id) = await fixture.NewSessionAsync(model, Cancellation);
        using var _ = tenant;
        var marker = Guid.NewGuid().ToString("N");
        await fixture.Model.ScriptAsync(new ModelRule { UserContains = marker, Times = 1, Answer = new ModelAnswer { Status = status } });
        var response = await tenant.Client.SendMessageAsync(id, $"{marker} #tokens=3", Cancellation);
        Assert.Equal(200, response.Status);
        Assert.Equal("token1 token2 token3", response.Text("response", "content"));
        Assert.Equal(2, (await fixture.AskedAsync(marker)).Count);
    }

    [Theory]
    [InlineData(OpenAI, "#status=401")]
    [InlineData(OpenAI, "#status=429")]
    [InlineData(OpenAI, "#status=500")]
    [InlineData(OpenAI, "#hang")]
    [InlineData(OpenAI, "#tokens=9 #hang=3")]
    [InlineData(OpenAI, "#tokens=9 #cut=3")]
    [InlineData(OpenAI, "#tokens=9 #end=3")]
    [InlineData(OpenAI, "#tokens=9 #garbage=3")]
    [InlineData(OpenAI, "#garbage")]
    [InlineData(OpenAI, "#say=")]
    [InlineData(Anthropic, "#status=401")]
    [InlineData(Anthropic, "#status=429")]
    [InlineData(Anthropic, "#status=500")]
    [InlineData(Anthropic, "#hang")]
    [InlineData(Anthropic, "#tokens=9 #hang=3")]
    [InlineData(Anthropic, "#tokens=9 #cut=3")]
    [InlineData(Anthropic, "#tokens=9 #end=3")]
    [InlineData(Anthropic, "#tokens=9 #garbage=3")]
    public async Task A_model_that_fails_is_an_internal_error_and_never_an_empty_success(string model, string script)
    {
        var (tenant, id) = await fixture.NewSessionAsync(model, Cancellation);
        using var _ = tenant;
        var key = ("Idempotency-Key", "failed");
        var response = await tenant.Client.SendMessageAsync(id, script, Cancellation, null, key);
        Assert.True(response.Status is 502 or 503 or 504, response.ToString());
        ErrorAssert.IsError(response, response.Status, "INTERNAL_ERROR");
        Assert.DoesNotContain("secret-key", response.Body, StringComparison.Ordinal);
        if (script.Contains("hang", StringComparison.Ordinal))
            Assert.Equal(504, response.Status);
        if (script.Contains("#status=5", StringComparison.Ordinal) || script.Contains("cut", StringComparison.Ordinal))
            Assert.Equal(502, response.Status);

        var again = await tenant.Client.SendMessageAsync(id, script, Cancellation, null, key);
        Assert.Equal(response.Status, again.Status);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));

        await using (var stream = await tenant.Client.StreamMessageAsync(id, script, Cancellation))
        {
            Assert.Equal(200, stream.Status);
            var frames = await stream.ReadToEndAsync(Cancellation);
            var error = frames[^1].Json.GetProperty("error");
            Assert.Equal("error", frames[^1].Type);
            Assert.Equal("INTERNAL_ERROR", error.GetProperty("code").GetString());
            Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()));
            Assert.DoesNotContain(frames, frame => frame.Type == "done");
        }

        Assert.Equal("idle", (await tenant.Client.GetSessionAsync(id, Cancellation)).Text("status"));
        var history = await tenant.Client.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count(message => message.GetProperty("role").GetString() == "user"));
        Assert.Equal(200, (await tenant.Client.SendMessageAsync(id, "#tokens=2", Cancellation)).Status);
    }

    [Theory]
    [InlineData("missing-gpt")]
    [InlineData("claude-none")]
    public async Task A_model_that_the_provider_refuses_is_an_invalid_model_with_the_providers_reason(string model)
    {
        var (tenant, id) = await fixture.NewSessionAsync(model, Cancellation);
        using var _ = tenant;
        var marker = Guid.NewGuid().ToString("N");
        await fixture.Model.ScriptAsync(new ModelRule
        {
            UserContains = marker,
            Answer = new ModelAnswer { Status = 404, ErrorMessage = "This model is not for you." },
        });
        var response = await tenant.Client.SendMessageAsync(id, marker, Cancellation);
        ErrorAssert.IsInvalid(response, "model");
        Assert.Contains("This model is not for you.", response.Text("error", "details", "reason"), StringComparison.Ordinal);
        await using var stream = await tenant.Client.StreamMessageAsync(id, marker, Cancellation);
        var error = (await stream.ReadToEndAsync(Cancellation))[^1].Json.GetProperty("error");
        Assert.Equal("INVALID_REQUEST", error.GetProperty("code").GetString());
        Assert.Equal("model", error.GetProperty("details").GetProperty("field").GetString());
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task Cancelling_a_turn_hangs_up_on_the_model(string model)
    {
        var (tenant, id) = await fixture.NewSessionAsync(model, Cancellation);
        using var _ = tenant;
        var marker = Guid.NewGuid().ToString("N");
        await using var stream = await tenant.Client.StreamMessageAsync(id, $"{marker} #tokens=2000 #delay=20", Cancellation);
        await stream.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
        await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", "{}", Cancellation);
        Assert.Equal("cancelled", (await stream.ReadToEndAsync(Cancellation))[^1].Text("finishReason"));
        var since = TimeProvider.System.GetTimestamp();
        RecordedRequest request;
        do
        {
            // This server gives up on its model after a second, and asks again: on a machine with much to do there may have been an attempt before.
            request = (await fixture.AskedAsync(marker))[^1];
        }
        while (request.Outcome == "running" && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(5));

        Assert.Equal("aborted", request.Outcome);
    }
}
