using System.Diagnostics;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Registry;

/// <summary>ClawHub's own command-line client works with the sample registry.</summary>
public sealed class ClawhubClientTests(RegistryFixture registry) : IClassFixture<RegistryFixture>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("openclaw-clawhub-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(NpmClients.Modules, "clawhub", "bin", "clawdhub.js"), "--no-input", "--workdir", _directory, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        };
        start.Environment["CLAWHUB_REGISTRY"] = registry.Address;
        start.Environment["CLAWHUB_SITE"] = registry.Address;
        start.Environment["CLAWHUB_DISABLE_TELEMETRY"] = "1";
        start.Environment["HOME"] = _directory;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output + await errors);
    }

    [Fact]
    public async Task It_searches()
    {
        var (exitCode, output) = await RunAsync("search", "word");

        Assert.True(exitCode == 0, output);
        Assert.Contains("word-count", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_installs_a_version_and_updates_it()
    {
        var (exitCode, output) = await RunAsync("install", "word-count", "--version", "1.0.0");
        Assert.True(exitCode == 0, output);
        var manifest = Path.Combine(_directory, "skills", "word-count", "SKILL.md");
        Assert.Contains("version: 1.0.0", await File.ReadAllTextAsync(manifest, Cancellation), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_directory, "skills", "word-count", "scripts", "count.py")));

        (exitCode, output) = await RunAsync("update", "word-count");
        Assert.True(exitCode == 0, output);
        Assert.Contains("version: 1.1.0", await File.ReadAllTextAsync(manifest, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_refuses_what_was_found_to_be_malicious()
    {
        var (exitCode, output) = await RunAsync("install", "bad");

        Assert.True(exitCode != 0, output);
        Assert.False(Directory.Exists(Path.Combine(_directory, "skills", "bad")));
    }
}
