using Microsoft.Data.Sqlite;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Storage;

/// <summary>While the database cannot be written the answer is 503; nothing acknowledged is lost; then all works again.</summary>
[Trait("Category", "Slow")]
public sealed class UnavailableStorageTests
{
    private const int Attempts = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_answers_503_and_loses_nothing_that_was_acknowledged()
    {
        using var disk = SmallDisk.Mount(48);
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings { DataDirectory = Path.Combine(disk.Folder, "data"), Environment = Unlimited }, Cancellation);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await client.SendMessageAsync(id, "before", Cancellation)).Status);

        disk.Fill();
        var acknowledged = new List<string> { "before" };
        ApiResponse response;
        var attempt = 0;
        do
        {
            var content = $"{attempt} {new string('x', 100_000)}";
            response = await client.SendMessageAsync(id, content, Cancellation);
            if (response.Status == 200)
                acknowledged.Add(content);
        }
        while (response.Status == 200 && ++attempt < Attempts);

        AssertUnavailable(response);
        AssertUnavailable(await client.PostAsync($"/api/sessions/{id}/messages/stream", new { content = new string('y', 100_000) }, Cancellation));
        Assert.Equal(200, (await client.GetSessionAsync(id, Cancellation)).Status);

        disk.Empty();
        Assert.Equal(200, (await UntilAvailableAsync(client, id, "after")).Status);
        acknowledged.Add("after");
        await AssertAnsweredOnceAsync(client, id, acknowledged);
        await server.RestartAsync(Cancellation);
        await AssertAnsweredOnceAsync(client, id, acknowledged);
    }

    [Fact]
    public async Task A_disk_that_fills_during_a_turn_delays_it_and_no_more()
    {
        using var disk = SmallDisk.Mount(48);
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings
            {
                DataDirectory = Path.Combine(disk.Folder, "data"),
                Environment = Unlimited,
                OfflineChunkDelayMilliseconds = 40,
            },
            Cancellation);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation);
        await using (var stream = await client.StreamMessageAsync(id, "帮我写一段代码", Cancellation))
        {
            await stream.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
            disk.Fill();
        }

        disk.Empty();
        Assert.Equal(200, (await UntilAvailableAsync(client, id, "after")).Status);
        await AssertAnsweredOnceAsync(client, id, ["帮我写一段代码", "after"]);
    }

    [Fact]
    public async Task A_database_that_another_process_has_locked_answers_503_and_works_when_it_lets_go()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Environment = Unlimited }, Cancellation);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await client.SendMessageAsync(id, "before", Cancellation)).Status);

        await using (var other = new SqliteConnection($"Data Source={Path.Combine(server.DataDirectory, "openclaw.db")};Pooling=False"))
        {
            await other.OpenAsync(Cancellation);
            await using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync(Cancellation);
            AssertUnavailable(await client.SendMessageAsync(id, "refused", Cancellation));
            AssertUnavailable(await client.PostAsync("/api/sessions", "{}", Cancellation));
            Assert.Equal(200, (await client.GetSessionAsync(id, Cancellation)).Status);
        }

        Assert.Equal(200, (await UntilAvailableAsync(client, id, "after")).Status);
        await AssertAnsweredOnceAsync(client, id, ["before", "after"]);
    }

    private static Dictionary<string, string> Unlimited => new() { ["OpenClaw__Limits__MessagesPerMinute"] = "100000" };

    private static void AssertUnavailable(ApiResponse response)
    {
        Assert.True(response.Status == 503, $"Expected 503, got {response}");
        Assert.Equal("INTERNAL_ERROR", response.Text("error", "code"));
        Assert.Equal(response.Header("X-Request-Id"), response.Text("error", "requestId"));
        Assert.DoesNotContain("sqlite", response.Body, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The server may need a moment to find that it can write again; until then it says 503 and nothing else.</summary>
    private static async Task<ApiResponse> UntilAvailableAsync(ApiClient client, string id, string content)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var response = await client.SendMessageAsync(id, content, Cancellation, null, ("Idempotency-Key", content));
            if (response.Status != 503 || TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(20))
                return response;
        }
    }

    private static async Task AssertAnsweredOnceAsync(ApiClient client, string id, List<string> acknowledged)
    {
        var asked = (await client.HistoryAsync(id, Cancellation)).Count(message => message.GetProperty("role").GetString() == "user");
        var frames = await client.ReplayAsync(id, asked, Cancellation);
        var history = await client.HistoryAsync(id, Cancellation);
        var answers = frames.Where(frame => frame.Type == "done").Select(frame => frame.Text("messageId")).ToList();
        foreach (var content in acknowledged)
        {
            Assert.Single(history, message => message.GetProperty("content").GetString() == content);
            var turn = frames.Single(frame => frame.Type == "message" && frame.Text("content") == content).TurnId;
            Assert.Single(frames, frame => frame.TurnId == turn && frame.Type == "done" && frame.Text("finishReason") == "stop");
        }

        Assert.Equal(
            answers.Order(),
            history.Where(message => message.GetProperty("role").GetString() == "assistant")
                .Select(message => message.GetProperty("messageId").GetString())
                .Order());
    }
}
