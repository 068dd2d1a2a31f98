using Microsoft.Data.Sqlite;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;
using static OpenClaw.Testing.Http.SessionCalls;

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
    public async Task A_full_disk_under_the_state_of_grains_answers_503_and_keeps_what_was_acknowledged()
    {
        using var disk = SmallDisk.Mount(16);
        var data = Directory.CreateTempSubdirectory("openclaw-data-").FullName;
        File.CreateSymbolicLink(Path.Combine(data, "orleans.db"), Path.Combine(disk.Folder, "orleans.db"));
        try
        {
            await using var server = await ServerProcess.StartAsync(new ServerSettings { DataDirectory = data }, Cancellation);
            using var client = server.CreateAdminClient();
            Require(await NewTenantAsync(client, "acme"), 201);
            var (keyId, key) = await NewKeyAsync(client);

            Require(await SetLimitAsync(client, 1001), 200);
            disk.Fill();
            var (limit, response) = await RaiseLimitUntilRefusedAsync(client);
            AssertUnavailable(response);
            AssertUnavailable(await NewTenantAsync(client, "other"));
            AssertUnavailable(await client.PostAsync("/api/admin/tenants/acme/keys", NewKey, Cancellation));
            AssertUnavailable(await client.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation));
            await AssertAsync(server, limit, key);

            disk.Empty();
            await AssertAsync(server, limit, key);
            await server.RestartAsync(Cancellation);
            await AssertAsync(server, limit, key);
            Require(await SetLimitAsync(client, 7), 200);
            Require(await NewTenantAsync(client, "other"), 201);
            Require(await client.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation), 200);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        static async Task AssertAsync(ServerProcess server, int limit, string key)
        {
            using var admin = server.CreateAdminClient();
            var limits = Require(await admin.GetAsync("/api/admin/tenants/acme/limits", Cancellation), 200);
            Assert.Equal(limit, limits.Json.GetProperty("messagesPerMinute").GetInt32());
            using var tenant = server.CreateClient(key);
            Require(await tenant.GetAsync("/api/sessions", Cancellation), 200);
            var tenants = Require(await admin.GetAsync("/api/admin/tenants", Cancellation), 200).Json.GetProperty("tenants");
            Assert.Equal(["acme", "default"], tenants.EnumerateArray().Select(found => found.GetProperty("tenantId").GetString()).Order());
        }
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

    private static object NewKey => new { name = "key", scopes = new[] { "read" } };

    private static Task<ApiResponse> NewTenantAsync(ApiClient client, string id) =>
        client.PostAsync("/api/admin/tenants", new { name = id, tenantId = id }, Cancellation);

    private static async Task<(string KeyId, string Key)> NewKeyAsync(ApiClient client)
    {
        var made = Require(await client.PostAsync("/api/admin/tenants/acme/keys", NewKey, Cancellation), 201);
        return (made.Text("keyId")!, made.Text("key")!);
    }

    private static Task<ApiResponse> SetLimitAsync(ApiClient client, int messagesPerMinute) =>
        client.PutAsync("/api/admin/tenants/acme/limits", new { messagesPerMinute }, Cancellation);

    /// <summary>The file may have room left inside itself: writes go on until one is refused.</summary>
    private static async Task<(int Acknowledged, ApiResponse Refused)> RaiseLimitUntilRefusedAsync(ApiClient client)
    {
        for (var limit = 1001; ; limit++)
        {
            var response = await SetLimitAsync(client, limit + 1);
            if (response.Status != 200)
                return (limit, response);
        }
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
