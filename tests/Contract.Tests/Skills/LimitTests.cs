using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>Fifty executions in a sliding minute for each tenant, and executions under a key.</summary>
public abstract class LimitTests(DatabaseServers servers) : SkillTest(servers)
{
    public sealed class OnSqlite(Servers servers) : LimitTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : LimitTests(servers.OnPostgres);

    private static (string Name, string Value) Key(string value) => ("Idempotency-Key", value);

    private static async Task LimitAsync(TestTenant tenant, int skillsPerMinute) =>
        SessionCalls.Require(await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/limits", new { skillsPerMinute }, Cancellation), 200);

    [Fact]
    public async Task A_tenant_may_execute_fifty_times_a_minute()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);
        using var other = await NewGitHubTenantAsync(github);
        var first = SessionCalls.Require(await TryCreateRepositoryAsync(tenant.Client, "repo-0"), 200);
        for (var i = 1; i < 50; i++)
            SessionCalls.Require(await TryCreateRepositoryAsync(tenant.Client, $"repo-{i}"), 200);

        var refused = await TryCreateRepositoryAsync(tenant.Client, "repo-50", ("Accept-Language", "zh-CN"));

        ErrorAssert.IsRateLimited(refused, 50);
        Assert.Equal("请求频率超限,请稍后重试", refused.Text("error", "message"));
        Assert.Equal(("50", "49"), (first.Header("RateLimit-Limit"), first.Header("RateLimit-Remaining")));
        Assert.Equal(50, github.Requests.Count);
        // Neither other calls nor other tenants feel it.
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
        SessionCalls.Require(await TryCreateRepositoryAsync(other.Client), 200);
    }

    [Fact]
    public async Task What_is_refused_counts_too()
    {
        using var tenant = await NewTenantAsync();
        await LimitAsync(tenant, 4);

        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "github", "{"));
        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "github", new { action = "none" }), "action");
        ErrorAssert.IsNotFound(await TryExecuteAsync(tenant.Client, "none", new { action = "run" }));
        ErrorAssert.IsConflict(await TryCreateRepositoryAsync(tenant.Client));

        ErrorAssert.IsRateLimited(await TryCreateRepositoryAsync(tenant.Client), 4);
        ErrorAssert.IsRateLimited(await TryExecuteAsync(tenant.Client, "none", new { action = "run" }), 4);
    }

    [Fact]
    public async Task An_execution_under_a_key_happens_once()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);

        var first = await TryCreateRepositoryAsync(tenant.Client, "once", Key("k"));
        var again = await TryCreateRepositoryAsync(tenant.Client, "once", Key("k"));
        var other = await TryCreateRepositoryAsync(tenant.Client, "twice", Key("k"));

        Assert.True(first.Status == 200 && first.Text("status") == "succeeded", first.ToString());
        Assert.Null(first.Header("Idempotent-Replayed"));
        Assert.Equal((200, "true", first.Body), (again.Status, again.Header("Idempotent-Replayed"), again.Body));
        ErrorAssert.IsConflict(other);
        Assert.Single(github.Requests);
        Assert.Single(await RunsAsync(tenant.Client, "github"));
        Assert.Equal("2", (await ResultAsync(tenant.Client, "github", "create-repo", new { name = "once" })).GetProperty("id").GetRawText());
    }

    [Fact]
    public async Task An_execution_that_failed_is_told_again_and_not_made_again()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);

        var first = await TryCreateRepositoryAsync(tenant.Client, "taken", Key("k"));
        var again = await TryCreateRepositoryAsync(tenant.Client, "taken", Key("k"));

        Assert.Equal("failed", first.Text("status"));
        Assert.Equal(("true", first.Body), (again.Header("Idempotent-Replayed"), again.Body));
        Assert.Single(github.Requests);
    }

    [Fact]
    public async Task A_replay_does_not_count()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);
        await LimitAsync(tenant, 2);

        SessionCalls.Require(await TryCreateRepositoryAsync(tenant.Client, "a", Key("k")), 200);
        for (var i = 0; i < 3; i++)
            Assert.Equal("true", SessionCalls.Require(await TryCreateRepositoryAsync(tenant.Client, "a", Key("k")), 200).Header("Idempotent-Replayed"));
        SessionCalls.Require(await TryCreateRepositoryAsync(tenant.Client, "b"), 200);

        ErrorAssert.IsRateLimited(await TryCreateRepositoryAsync(tenant.Client, "c"), 2);
        Assert.Equal(2, github.Requests.Count);
    }

    [Fact]
    public async Task What_was_refused_before_it_was_accepted_is_not_kept()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewTenantAsync();

        // Invalid, then without its secret, then fine: each under the same key.
        ErrorAssert.IsInvalid(await TryCreateRepositoryAsync(tenant.Client, "not a name", Key("k")), "params.name");
        ErrorAssert.IsConflict(await TryCreateRepositoryAsync(tenant.Client, "a", Key("k")));
        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = GitHubToken, GITHUB_API_URL = github.Address });
        var executed = await TryCreateRepositoryAsync(tenant.Client, "a", Key("k"));

        Assert.True(executed.Status == 200 && executed.Text("status") == "succeeded", executed.ToString());
        Assert.Null(executed.Header("Idempotent-Replayed"));
        Assert.Single(github.Requests);
    }

    [Fact]
    public async Task Executions_of_one_key_at_once_are_one()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryCreateRepositoryAsync(tenant.Client, "once", Key("p"))));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 409, answer.ToString()));
        Assert.Contains(answers, answer => answer.Status == 200);
        Assert.Single(github.Requests);
    }

    [Fact]
    public async Task An_install_under_a_key_happens_once()
    {
        using var tenant = await NewTenantAsync();
        var body = new { source = "builtin", name = "summarize" };

        var first = await TryInstallAsync(tenant.Client, body, Key("i"));
        await UninstallAsync(tenant.Client, "summarize");
        var again = await TryInstallAsync(tenant.Client, body, Key("i"));

        Assert.Equal(200, first.Status);
        Assert.Equal((200, "true", first.Body), (again.Status, again.Header("Idempotent-Replayed"), again.Body));
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
    }
}
