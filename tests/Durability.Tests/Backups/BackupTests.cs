using System.Diagnostics;
using Npgsql;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Backups;

/// <summary>The procedures of <c>docs/operations.md</c>, run while turns run: what was acknowledged before is in the backup, whole.</summary>
[Trait("Category", "Slow")]
public abstract class BackupTests(DatabaseKind database)
{
    private const int Sessions = 6;
    private const int MessagesBefore = 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class OnSqlite() : BackupTests(DatabaseKind.Sqlite)
    {
        private protected override async Task<ServerSettings> BackUpAsync(ServerProcess server, ServerSettings settings)
        {
            var folder = Directory.CreateTempSubdirectory("openclaw-backup-").FullName;
            await server.RunCommandAsync(["backup", folder], Cancellation);
            return settings with { DataDirectory = folder };
        }

        private protected override void Remove(ServerSettings restored) => Directory.Delete(restored.DataDirectory!, recursive: true);
    }

    public sealed class OnPostgres() : BackupTests(DatabaseKind.Postgres)
    {
        private protected override async Task<ServerSettings> BackUpAsync(ServerProcess server, ServerSettings settings)
        {
            var dump = Path.GetTempFileName();
            await RunAsync(
                "pg_dump", server.ConnectionString, "--format=custom", "--exclude-table-data=orleansmembership*", $"--file={dump}");
            var target = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
            await RunAsync("pg_restore", target, "--no-owner", "--exit-on-error", dump);
            File.Delete(dump);
            return settings with
            {
                Database = DatabaseKind.Sqlite,
                Environment = new Dictionary<string, string>
                {
                    ["OpenClaw__Database__Provider"] = "postgres",
                    ["OpenClaw__Database__ConnectionString"] = target,
                },
            };
        }

        private static async Task RunAsync(string program, string connectionString, params string[] arguments)
        {
            var database = new NpgsqlConnectionStringBuilder(connectionString);
            var start = new ProcessStartInfo(
                program, [$"--host={database.Host}", $"--port={database.Port}", $"--username={database.Username}", $"--dbname={database.Database}", .. arguments])
            {
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
            Assert.True(process.ExitCode == 0, $"{program}: {errors}");
        }
    }

    [Fact]
    public async Task A_restored_backup_has_every_message_acknowledged_before_it_and_its_turns_go_on()
    {
        var settings = new ServerSettings { Database = database, OfflineChunkDelayMilliseconds = 20 };
        List<(string Session, string Content)> before;
        List<string> keys = [];
        ServerSettings restored;
        var sessions = new List<string>();
        await using (var server = await ServerProcess.StartAsync(settings, Cancellation))
        {
            using var client = server.CreateAdminClient();
            for (var i = 0; i < Sessions; i++)
                sessions.Add(await client.CreateSessionAsync(Cancellation));
            var load = new MessageLoad(client, sessions, MessagesBefore);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var loading = load.RunAsync(enough.Token);
            await load.Begun;

            before = load.Acknowledged();
            restored = await BackUpAsync(server, settings);
            await enough.CancelAsync();
            await loading;
            keys.AddRange(load.Keys());
        }

        await using (var server = await ServerProcess.StartAsync(restored, Cancellation))
        {
            using var client = server.CreateAdminClient();
            var unfinished = 0;
            foreach (var session in sessions)
            {
                var asked = (await client.HistoryAsync(session, Cancellation)).Where(IsUser).Select(Content).ToHashSet();
                Assert.All(before.Where(sent => sent.Session == session), sent => Assert.Contains(sent.Content, asked));
                var frames = await client.ReplayAsync(session, asked.Count, Cancellation);
                unfinished += frames.Count(frame => frame.IsStatus("recovering"));
                Assert.Equal(asked.Count, (await client.HistoryAsync(session, Cancellation)).Count(message => !IsUser(message)));
                Assert.Equal(frames.Select(frame => frame.Seq).Distinct().Count(), frames.Count);
            }

            Assert.True(unfinished > 0, "No turn ran at the moment of the backup.");
            await AssertKeysAsync(server, client, keys);
        }

        Remove(restored);
    }

    /// <summary>Runs the documented procedure up to a place from which a new server can start.</summary>
    private protected abstract Task<ServerSettings> BackUpAsync(ServerProcess server, ServerSettings settings);

    private protected virtual void Remove(ServerSettings restored)
    {
    }

    /// <summary>A key works where it is in the list, and only there: its state and its row come from one moment.</summary>
    private static async Task AssertKeysAsync(ServerProcess server, ApiClient admin, List<string> keys)
    {
        var listed = new HashSet<string>();
        string? cursor = null;
        do
        {
            var path = "/api/admin/tenants/default/keys?limit=200" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            var page = SessionCalls.Require(await admin.GetAsync(path, Cancellation), 200).Json;
            listed.UnionWith(page.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("name").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        foreach (var (index, key) in keys.Index())
        {
            using var holder = server.CreateClient(key);
            var works = (await holder.GetAsync("/api/sessions", Cancellation)).Status == 200;
            Assert.True(works == listed.Contains(MessageLoad.KeyName(index)), $"Key {index} works: {works}");
        }
    }

    private static bool IsUser(System.Text.Json.JsonElement message) => message.GetProperty("role").GetString() == "user";

    private static string Content(System.Text.Json.JsonElement message) => message.GetProperty("content").GetString()!;
}
