using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>Who sees, changes and executes what: tenants, scopes.</summary>
public abstract class AccessTests(DatabaseServers servers) : SkillTest(servers)
{
    public sealed class OnSqlite(Servers servers) : AccessTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : AccessTests(servers.OnPostgres);

    private static async Task<List<ApiResponse>> ReadAsync(ApiClient client) =>
    [
        await client.GetAsync("/api/skills", Cancellation),
        await TryGetAsync(client, "github"),
        await TryListRunsAsync(client, "github"),
    ];

    private static async Task<List<ApiResponse>> ChangeAsync(ApiClient client) =>
    [
        await TryInstallAsync(client, new { source = "builtin", name = "summarize" }),
        await TryEnableAsync(client, "github", new { enabled = true }),
        await TrySetSecretsAsync(client, "github", new { GITHUB_TOKEN = GitHubToken }),
        await TryUninstallAsync(client, "report-generator"),
    ];

    [Fact]
    public async Task A_key_that_reads_neither_installs_nor_executes()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);
        using var reader = tenant.ClientWith((await tenant.CreateKeyAsync(["read"], Cancellation)).Key);

        Assert.All(await ReadAsync(reader), answer => Assert.Equal(200, answer.Status));
        Assert.All(await ChangeAsync(reader), ErrorAssert.IsForbidden);
        ErrorAssert.IsForbidden(await TryCreateRepositoryAsync(reader));

        Assert.Empty(github.Requests);
        Assert.Equal(["github", "report-generator"], await NamesAsync(reader));
    }

    [Fact]
    public async Task A_key_that_executes_does_not_install()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);
        using var runner = tenant.ClientWith((await tenant.CreateKeyAsync(["execute"], Cancellation)).Key);

        Assert.All(await ReadAsync(runner), ErrorAssert.IsForbidden);
        Assert.All(await ChangeAsync(runner), ErrorAssert.IsForbidden);
        var executed = await TryCreateRepositoryAsync(runner);

        Assert.True(executed.Status == 200 && executed.Text("status") == "succeeded", executed.ToString());
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task A_key_that_writes_installs_and_does_not_execute()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["write"], Cancellation)).Key);

        Assert.All(await ReadAsync(writer), ErrorAssert.IsForbidden);
        ErrorAssert.IsForbidden(await TryCreateRepositoryAsync(writer));
        Assert.All(await ChangeAsync(writer), answer => Assert.Equal(200, answer.Status));

        Assert.Empty(github.Requests);
        Assert.Equal(["github", "summarize"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task Without_a_key_there_are_no_skills()
    {
        using var nobody = (await Servers.Quick).CreateClient(null);

        Assert.All(await ReadAsync(nobody), ErrorAssert.IsUnauthorized);
        Assert.All(await ChangeAsync(nobody), ErrorAssert.IsUnauthorized);
        ErrorAssert.IsUnauthorized(await TryCreateRepositoryAsync(nobody));
    }

    [Fact]
    public async Task A_tenant_sees_nothing_of_anothers_skill()
    {
        using var owner = await NewTenantAsync();
        using var stranger = await NewTenantAsync();
        await MakeAsync(owner.Client, "own", SkillFiles.Actions(SkillFiles.ActionOf("tell", SkillFiles.Bash("tell.sh"))), ("tell.sh", "echo '\"the owner'\"'\"'s\"'\n"));

        ErrorAssert.IsNotFound(await TryGetAsync(stranger.Client, "own"));
        ErrorAssert.IsNotFound(await TryExecuteAsync(stranger.Client, "own", new { action = "tell", @params = new { } }));
        ErrorAssert.IsNotFound(await TryEnableAsync(stranger.Client, "own", new { enabled = false }));
        ErrorAssert.IsNotFound(await TrySetSecretsAsync(stranger.Client, "own", new { A = "a" }));
        ErrorAssert.IsNotFound(await TryListRunsAsync(stranger.Client, "own"));
        ErrorAssert.IsNotFound(await TryUninstallAsync(stranger.Client, "own"));
        ErrorAssert.IsNotFound(await TryInstallFolderAsync(stranger.Client, "own"));
        Assert.Equal(["github", "report-generator"], await NamesAsync(stranger.Client));
        Assert.Equal("the owner's", (await ResultAsync(owner.Client, "own", "tell")).GetString());
    }

    [Fact]
    public async Task What_one_tenant_does_with_a_skill_of_the_servers_is_its_own()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var owner = await NewGitHubTenantAsync(github);
        using var stranger = await NewTenantAsync();

        Assert.Empty(await SetNamesAsync(stranger.Client, "github"));
        ErrorAssert.IsConflict(await TryCreateRepositoryAsync(stranger.Client));
        await EnableAsync(stranger.Client, "github", false);
        await UninstallAsync(stranger.Client, "report-generator");

        Assert.Equal("succeeded", (await TryCreateRepositoryAsync(owner.Client)).Text("status"));
        Assert.Equal(["github", "report-generator"], await NamesAsync(owner.Client));
        Assert.Empty(await RunsAsync(stranger.Client, "github"));
        Assert.Single(await RunsAsync(owner.Client, "github"));
    }
}
