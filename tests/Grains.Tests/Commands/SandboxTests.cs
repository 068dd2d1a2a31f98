using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Commands;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Tests.Commands;

/// <summary>The sandbox itself, with what a caller has looked at changed before it begins.</summary>
public sealed class SandboxTests : IAsyncLifetime
{
    private SiloHost _silo = null!;

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/9")]
    [InlineData("/proc/1/root")]
    [InlineData("../../../..")]
    public async Task A_directory_that_has_become_a_link_leads_no_command_out(string target)
    {
        var files = _silo.Services.GetRequiredService<WorkspaceStore>().Open(TenantId.Default).FilesDirectory;
        File.CreateSymbolicLink(Path.Combine(files, "there"), target);

        var (code, output) = await RunAsync("ls -d .. ../etc/hostname /proc/self/cwd/../etc/shadow 2>/dev/null; cat 1/cmdline 2>/dev/null | tr '\\0' ' '; pwd -P", "/there");

        // Either there is no such place inside, or it is one of the sandbox's own.
        Assert.True(code == 125 ? output.Length == 0 : !output.Contains("hostname", StringComparison.Ordinal) && !output.Contains("dotnet", StringComparison.Ordinal), $"{code} {output}");
    }

    [Fact]
    public async Task A_command_has_no_handle_but_its_own_three()
    {
        var (code, output) = await RunAsync("ls /proc/self/fd", "/");

        // The fourth is the one by which ls reads the directory.
        Assert.Equal((0, "0\n1\n2\n3\n"), (code, output));
    }

    private async Task<(int Code, string Output)> RunAsync(string command, string directory)
    {
        var sandbox = _silo.Services.GetRequiredService<ISandbox>();
        Assert.Null(await sandbox.FindProblemAsync(TestContext.Current.CancellationToken));
        await using var process = await sandbox.StartAsync(
            new SandboxCommand(TenantId.Default, ["/bin/bash", "-c", command], directory, TimeSpan.FromSeconds(20)), TestContext.Current.CancellationToken);
        var output = await new StreamReader(process.Output).ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await process.Exited, output);
    }
}
