using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Samples.Registry;

namespace OpenClaw.Contract.Tests.Registry;

/// <summary>The sample registry over its own skills and some that moderation has found.</summary>
public sealed class RegistryFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-registry-").FullName;
    private WebApplication? _app;

    public HttpClient Http { get; private set; } = new();

    public string Address => _app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public async ValueTask InitializeAsync()
    {
        var skills = Path.Combine(Path.GetDirectoryName(typeof(RegistryHost).Assembly.Location)!, "skills");
        foreach (var file in Directory.EnumerateFiles(skills, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(skills, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var slug in new[] { "bad", "shady", "gone" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, slug));
            await File.WriteAllTextAsync(Path.Combine(_folder, slug, "SKILL.md"), $"---\nname: {slug}\ndescription: Is {slug}.\n---\n");
        }

        await File.WriteAllTextAsync(
            Path.Combine(_folder, "registry.json"),
            """{"moderation":{"bad":{"verdict":"malicious","reasonCodes":["exfiltration"]},"shady":{"verdict":"suspicious"},"gone":{"deleted":true}}}""");
        _app = RegistryHost.Build(_folder, ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"]);
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(Address) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
