using System.Text;
using System.Text.RegularExpressions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Migrations;
using OpenClaw.Storage.Postgres;
using OpenClaw.Storage.Sqlite;

namespace OpenClaw.Storage.Tests.OldVersions;

/// <summary>
/// A database of any earlier version, with data in it, is brought up to date and read; and while two versions run side by
/// side, the newest schema takes what the older one writes.
/// </summary>
public abstract partial class OldVersionTests(DatabaseKind kind) : StorageTest(kind)
{
    private const string Component = "openclaw";

    public sealed class OnSqlite() : OldVersionTests(DatabaseKind.Sqlite)
    {
        private protected override string Folder => "Sqlite.Migrations.OpenClaw";

        private protected override Task<IMigrationTarget> OpenAsync(StorageOptions options) =>
            Task.FromResult<IMigrationTarget>(SqliteMigrationTarget.Open(options.SessionDatabasePath));

        private protected override string Bytes(string text) => $"CAST({text} AS BLOB)";

        private protected override string Prose(string text) => text;
    }

    public sealed class OnPostgres() : OldVersionTests(DatabaseKind.Postgres)
    {
        private protected override string Folder => "Postgres.Migrations.OpenClaw";

        private protected override async Task<IMigrationTarget> OpenAsync(StorageOptions options) =>
            await PostgresMigrationTarget.OpenAsync(options.ConnectionString!, Cancellation);

        private protected override string Bytes(string text) => $"convert_to({text}, 'UTF8')";

        private protected override string Prose(string text) => $"convert_to({text}, 'UTF8')";
    }

    private protected abstract string Folder { get; }

    private protected abstract Task<IMigrationTarget> OpenAsync(StorageOptions options);

    private protected abstract string Bytes(string text);

    private protected abstract string Prose(string text);

    [Fact]
    public async Task Data_of_every_earlier_version_is_read_after_the_upgrade()
    {
        var versions = Migration.Load(Folder).Select(migration => migration.Version).ToArray();
        foreach (var version in versions)
        {
            // For the newest the rows come last, as from a process of the version before that still runs.
            await UseAsync(await CreateOptionsAsync(), version);
            await DatabaseMigrator.MigrateAsync(Options, Cancellation);
            await RestartAsync();

            await AssertReadAsync();
        }
    }

    private async Task UseAsync(StorageOptions options, int version)
    {
        await using (var target = await OpenAsync(options))
        {
            await target.BeginAsync(Cancellation);
            foreach (var migration in Migration.Load(Folder).Where(migration => migration.Version <= version))
                await target.ApplyAsync(Component, migration, Cancellation);
            await target.CommitAsync(Cancellation);
        }

        await UseAsync(options);
        await using var connection = await ConnectAsync();
        await using var insert = connection.CreateCommand();
        var rows = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "OldVersions", "rows.sql"), Cancellation);
        rows = BytesPattern().Replace(rows, match => Bytes(match.Groups[1].Value));
        insert.CommandText = ProsePattern().Replace(rows, match => Prose(match.Groups[1].Value));
        await insert.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task AssertReadAsync()
    {
        var idle = await FindAsync(new SessionKey(Tenant, "sess-idle"));
        Assert.Equal((3, 7, 4, "gpt-4o", "标题", "Be brief."), (idle.Epoch, idle.Revision, idle.Head, idle.Model, idle.Title, idle.SystemPrompt));
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(idle.Context!));
        Assert.Equal([1, 2, 4], (await Log.ReadAsync(idle.Key, 0, 10, Cancellation)).Select(row => row.SeqFrom));
        Assert.Equal([1, 4], (await Log.ReadMessagesAsync(idle.Key, 0, descending: false, 10, Cancellation)).Select(row => row.SeqFrom));
        Assert.Equal("摘要", (await Log.FindSummaryAsync(idle.Key, Cancellation))!.Text);
        Assert.Equal(["sess-cut", "sess-idle"], (await Log.ListAsync(Tenant, null, 10, Cancellation)).Select(session => session.Key.SessionId));
        Assert.Equal("sess-cut", Assert.Single(await Log.ListRunningAsync(10, Cancellation)).SessionId);
        Assert.Equal("evt-1", Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation)).Entry.EventId);
        Assert.Equal("f", (await Keys.FindAsync(Tenant, "POST /api/sessions", "k", Cancellation))!.Fingerprint);
        Assert.Equal("Acme 公司", Assert.Single(await Index.ListTenantsAsync(null, 10, Cancellation)).Name);
        Assert.Equal(("钥匙", Scopes.Read | Scopes.Write), ((await Index.FindApiKeyAsync("key-1", Cancellation))!.Key.Name, (await Index.FindApiKeyAsync("key-1", Cancellation))!.Key.Scopes));
        var day = new DateOnly(2030, 5, 17);
        Assert.Equal((2, 20, 10), Assert.Single(await Index.ListUsageAsync(Tenant, day, day, Cancellation)) is var usage ? (usage.Turns, usage.InputTokens, usage.OutputTokens) : default);

        await AppendAsync(idle, Message(5, "turn-2"), Done(6, "turn-2"));
        await Purge.RunAsync(Cancellation);
        Assert.Equal(0, await RowsAsync("SELECT count(*) FROM session_event WHERE session_id = 'sess-deleted'"));
    }

    [GeneratedRegex(@"BYTES\(('[^']*')\)")]
    private static partial Regex BytesPattern();

    [GeneratedRegex(@"PROSE\(('[^']*')\)")]
    private static partial Regex ProsePattern();
}
