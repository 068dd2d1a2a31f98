using System.Collections.Concurrent;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>The server is killed while clients store memories.</summary>
[Trait("Category", "Slow")]
public sealed class MemoryKillTests
{
    private const int Clients = 4;
    private const int StoredBeforeTheKill = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_was_stored_is_there_and_found_and_what_was_deleted_is_neither(DatabaseKind database)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Database = database }, Cancellation);
        var stored = new ConcurrentDictionary<string, long>();
        using (var enough = new CountdownEvent(StoredBeforeTheKill))
        {
            var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => StoreUntilKilledAsync(server, client, stored, enough))).ToArray();
            await Task.Run(() => enough.Wait(Cancellation), Cancellation);
            server.Kill();
            await Task.WhenAll(clients);
        }

        await server.RestartAsync(Cancellation);
        using var again = server.CreateAdminClient();
        foreach (var (key, version) in stored)
        {
            var entry = SessionCalls.Require(await again.GetAsync($"/api/memory/{key}", Cancellation), 200);
            // The last change may have been written without its client hearing of it.
            Assert.InRange(entry.Json.GetProperty("version").GetInt64(), version, version + 1);
            var found = SessionCalls.Require(await again.GetAsync($"/api/memory/search?q={key}&limit=1", Cancellation), 200);
            Assert.Equal(key, found.Json.GetProperty("results")[0].GetProperty("key").GetString());
        }

        var deleted = await again.GetAsync("/api/memory/deleted-0-0", Cancellation);
        Assert.Equal(404, deleted.Status);
        Assert.DoesNotContain(
            (await again.GetAsync("/api/memory/search?q=deleted-0-0&limit=100", Cancellation)).Json.GetProperty("results").EnumerateArray(),
            result => result.GetProperty("key").GetString() == "deleted-0-0");
    }

    /// <summary>Stores each key twice, and now and then one that it deletes at once.</summary>
    private static async Task StoreUntilKilledAsync(ServerProcess server, int client, ConcurrentDictionary<string, long> stored, CountdownEvent enough)
    {
        using var api = server.CreateAdminClient();
        try
        {
            for (var number = 0; ; number++)
            {
                if (number % 10 == 0)
                {
                    SessionCalls.Require(await api.PostAsync("/api/memory", new { key = $"deleted-{client}-{number}", value = "gone" }, Cancellation), 200);
                    SessionCalls.Require(await api.DeleteAsync($"/api/memory/deleted-{client}-{number}", Cancellation), 200);
                }

                var key = $"key-{client}-{number}";
                for (var version = 1; version <= 2; version++)
                {
                    var answer = SessionCalls.Require(await api.PostAsync("/api/memory", new { key, value = $"value {version} of {key}" }, Cancellation), 200);
                    stored[key] = answer.Json.GetProperty("version").GetInt64();
                }

                if (!enough.IsSet)
                    enough.Signal();
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return;
        }
    }
}
