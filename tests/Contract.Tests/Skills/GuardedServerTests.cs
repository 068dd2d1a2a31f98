using System.Text;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>A server as it is without settings: it reaches no private address, and what it keeps gives no secret away.</summary>
[Collection(SkillRegistryCollection.Name)]
public sealed class GuardedServerTests(Servers servers, SkillRegistryFixture registry) : SkillTest(servers.OnSqlite)
{
    private Task<TestTenant> NewTenantAsync() => TestTenant.CreateAsync(registry.Server, Cancellation);

    [Fact]
    public async Task A_request_to_a_private_address_fails_and_says_that_it_was_refused()
    {
        await using var service = await ServiceDouble.StartAsync(_ => ServiceDouble.Answer.Of(200, new { reached = true }), Cancellation);
        using var tenant = await NewTenantAsync();
        var port = new Uri(service.Address).Port;
        await MakeAsync(
            tenant.Client, "caller",
            SkillFiles.Actions(
                SkillFiles.ActionOf("address", SkillFiles.Get(service.Address)),
                SkillFiles.ActionOf("name", SkillFiles.Get($"http://localhost:{port}/")),
                SkillFiles.ActionOf("mapped", SkillFiles.Get($"http://[::ffff:127.0.0.1]:{port}/")),
                SkillFiles.ActionOf("number", SkillFiles.Get($"http://2130706433:{port}/"))));

        foreach (var action in new[] { "address", "name", "mapped", "number" })
            Assert.Matches("(?i)refus|private|public|allow", await FailureAsync(tenant.Client, "caller", action));

        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task A_parameter_or_a_secret_does_not_lead_to_a_private_address()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewTenantAsync();
        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = GitHubToken, GITHUB_API_URL = github.Address });
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", SkillFiles.Get("{{address}}/x"))));

        await FailureAsync(tenant.Client, "github", "create-repo", new { name = "a" });
        await FailureAsync(tenant.Client, "caller", "call", new { address = github.Address });

        Assert.Empty(github.Requests);
    }

    [Fact]
    public async Task A_secret_lies_nowhere_in_the_data_as_it_is()
    {
        using var tenant = await NewTenantAsync();
        var mark = Guid.NewGuid().ToString("n");
        await WriteAsync(tenant.Client, "keeper", ("SKILL.md", SkillFiles.Manifest("keeper", "1.0.0", "KEEPER_TOKEN")), ("mark.txt", $"public-{mark}"));
        Assert.Equal(200, (await TryInstallFolderAsync(tenant.Client, "keeper")).Status);

        await SetSecretsAsync(tenant.Client, "keeper", new { KEEPER_TOKEN = $"secret-{mark}" });

        var files = Directory.EnumerateFiles(registry.Server.DataDirectory, "*", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, file => Holds(file, $"public-{mark}"));
        Assert.DoesNotContain(files, file => Holds(file, $"secret-{mark}"));
        Assert.DoesNotContain($"secret-{mark}", registry.Server.Output, StringComparison.Ordinal);
    }

    private static bool Holds(string path, string text)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            file.CopyTo(copy);
            return copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It went while it was looked at.
            return false;
        }
    }
}
