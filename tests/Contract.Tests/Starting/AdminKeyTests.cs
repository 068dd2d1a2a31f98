using System.Runtime.Versioning;
using System.Text;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Starting;

/// <summary>The first start makes the administrator's key, shows it once and keeps only its hash.</summary>
public sealed class AdminKeyTests(Servers servers) : ContractTest(servers)
{
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
        AssertAbsent(server.DataDirectory, key);
    }

    [Fact]
    public async Task A_given_bootstrap_key_works_is_not_shown_and_not_stored()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings(), Cancellation);
        using var admin = server.CreateAdminClient();
        Assert.Equal(200, (await admin.GetAsync("/api/admin/tenants", Cancellation)).Status);
        await server.StopAsync(Cancellation);
        Assert.DoesNotContain(server.AdminKey, server.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(server.DataDirectory, "admin-key")));
        AssertAbsent(server.DataDirectory, server.AdminKey);
    }

    [Fact]
    public async Task A_stop_signal_ends_the_process_cleanly()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings(), Cancellation);
        Assert.Equal(0, await server.StopAsync(Cancellation));
    }

    private static Task<ServerProcess> StartWithoutKeyAsync() =>
        ServerProcess.StartAsync(new ServerSettings { BootstrapApiKey = null }, Cancellation);

    private static async Task<string> ReadKeyAsync(ServerProcess server) =>
        (await File.ReadAllTextAsync(Path.Combine(server.DataDirectory, "admin-key"), Cancellation)).Trim();

    private static void AssertAbsent(string folder, string key)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "admin-key")
            .ToList();
        Assert.NotEmpty(files);
        var secret = Encoding.UTF8.GetBytes(key);
        Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(secret) < 0, file));
    }
}
