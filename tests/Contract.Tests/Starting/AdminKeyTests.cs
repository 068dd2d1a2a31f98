using System.Runtime.Versioning;
using System.Text;
using Npgsql;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Starting;

/// <summary>The first start makes the administrator's key, shows it once and keeps only its hash.</summary>
public abstract class AdminKeyTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : AdminKeyTests(servers.OnSqlite)
    {
        protected override Task<List<byte[]>> ReadDatabaseAsync(ServerProcess server) =>
            Task.FromResult(Directory.GetFiles(server.DataDirectory, "*.db*").Select(File.ReadAllBytes).ToList());
    }

    public sealed class OnPostgres(Servers servers) : AdminKeyTests(servers.OnPostgres)
    {
        /// <summary>Every row of every table, with its bytea columns as they are.</summary>
        protected override async Task<List<byte[]>> ReadDatabaseAsync(ServerProcess server)
        {
            await using var source = NpgsqlDataSource.Create(server.ConnectionString);
            await using var tables = source.CreateCommand(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
            var rows = new List<byte[]>();
            await using var table = await tables.ExecuteReaderAsync(Cancellation);
            while (await table.ReadAsync(Cancellation))
            {
                await using var all = source.CreateCommand($"SET bytea_output = escape; SELECT t::text FROM {table.GetString(0)} AS t");
                await using var row = await all.ExecuteReaderAsync(Cancellation);
                while (await row.ReadAsync(Cancellation))
                    rows.Add(Encoding.UTF8.GetBytes(row.GetString(0)));
            }

            return rows;
        }
    }

    /// <summary>All that the database of a stopped server keeps.</summary>
    protected abstract Task<List<byte[]>> ReadDatabaseAsync(ServerProcess server);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_owner_alone_can_read_the_generated_key_and_it_works()
    {
        await using var server = await StartWithoutKeyAsync();
        var file = Path.Combine(server.DataDirectory, "admin-key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        using var admin = server.CreateClient((await File.ReadAllTextAsync(file, Cancellation)).Trim());
        Assert.Equal(200, (await admin.GetAsync("/api/admin/tenants", Cancellation)).Status);
        Assert.Equal(200, (await admin.GetAsync("/api/sessions", Cancellation)).Status);
    }

    [Fact]
    public async Task The_key_is_shown_at_the_first_start_and_never_again()
    {
        await using var server = await StartWithoutKeyAsync();
        var key = await ReadKeyAsync(server);
        await server.StopAsync(Cancellation);
        var first = server.Output;
        Assert.Equal(2, first.Split(key).Length);

        await server.RestartAsync(Cancellation);
        using var admin = server.CreateClient(key);
        Assert.Equal(200, (await admin.GetAsync("/api/admin/tenants", Cancellation)).Status);
        Assert.Equal(key, await ReadKeyAsync(server));
        await server.StopAsync(Cancellation);
        Assert.DoesNotContain(key, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_file_can_be_deleted_and_the_key_goes_on_working()
    {
        await using var server = await StartWithoutKeyAsync();
        var key = await ReadKeyAsync(server);
        File.Delete(Path.Combine(server.DataDirectory, "admin-key"));
        await server.RestartAsync(Cancellation);
        using var admin = server.CreateClient(key);
        Assert.Equal(200, (await admin.GetAsync("/api/admin/tenants", Cancellation)).Status);
        Assert.False(File.Exists(Path.Combine(server.DataDirectory, "admin-key")));
    }

    [Fact]
    public async Task The_databases_hold_no_key()
    {
        await using var server = await StartWithoutKeyAsync();
        var key = await ReadKeyAsync(server);
        await server.StopAsync(Cancellation);
        await AssertAbsentAsync(server, key);
    }

    [Fact]
    public async Task A_given_bootstrap_key_works_is_not_shown_and_not_stored()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Database = Servers.Database }, Cancellation);
        using var admin = server.CreateAdminClient();
        Assert.Equal(200, (await admin.GetAsync("/api/admin/tenants", Cancellation)).Status);
        await server.StopAsync(Cancellation);
        Assert.DoesNotContain(server.AdminKey, server.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(server.DataDirectory, "admin-key")));
        await AssertAbsentAsync(server, server.AdminKey);
    }

    [Fact]
    public async Task A_stop_signal_ends_the_process_cleanly()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Database = Servers.Database }, Cancellation);
        Assert.Equal(0, await server.StopAsync(Cancellation));
    }

    private Task<ServerProcess> StartWithoutKeyAsync() =>
        ServerProcess.StartAsync(new ServerSettings { Database = Servers.Database, BootstrapApiKey = null }, Cancellation);

    private static async Task<string> ReadKeyAsync(ServerProcess server) =>
        (await File.ReadAllTextAsync(Path.Combine(server.DataDirectory, "admin-key"), Cancellation)).Trim();

    /// <summary>Neither the key nor a hexadecimal form of it; that the tenant's name is found shows where was looked.</summary>
    private async Task AssertAbsentAsync(ServerProcess server, string key)
    {
        var stored = await ReadDatabaseAsync(server);
        Assert.Contains(stored, piece => Holds(piece, "default"));
        Assert.DoesNotContain(stored, piece => Holds(piece, key) || Holds(piece, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(key))));
    }

    private static bool Holds(byte[] piece, string text) => piece.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
