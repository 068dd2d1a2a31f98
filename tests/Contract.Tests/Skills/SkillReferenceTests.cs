using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>The reference's section 技能 API: what is listed and executed. Its install is in <see cref="RegistryInstallTests"/>.</summary>
public abstract class SkillReferenceTests(DatabaseServers servers) : SkillTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SkillReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SkillReferenceTests(servers.OnPostgres);

    private const string ExecuteBody = """
        {
          "action": "create-repo",
          "params": {
            "name": "my-new-repo",
            "private": true
          }
        }
        """;

    [Fact]
    public async Task 列出技能()
    {
        using var tenant = await NewTenantAsync();

        var listed = await tenant.Client.GetAsync("/api/skills", Cancellation);

        Assert.Equal(200, listed.Status);
        Assert.StartsWith("""{"skills":[{"name":"github","version":"1.2.0","enabled":true""", listed.Body, StringComparison.Ordinal);
        var skills = listed.Json.GetProperty("skills").EnumerateArray().ToList();
        Assert.Equal(["github", "report-generator"], skills.Select(skill => skill.GetProperty("name").GetString()));
        Assert.All(skills, skill =>
        {
            Shape.Has(skill, "name", "version", "enabled", "description", "source", "actions", "secrets", "installedAt", "updatedAt", "revision", "size");
            Assert.True(skill.GetProperty("enabled").GetBoolean(), listed.Body);
            Assert.Equal("builtin", skill.GetProperty("source").GetString());
            Assert.False(string.IsNullOrWhiteSpace(skill.GetProperty("description").GetString()), listed.Body);
            Assert.False(string.IsNullOrWhiteSpace(skill.GetProperty("revision").GetString()), listed.Body);
            Assert.True(skill.GetProperty("size").GetInt64() > 0, listed.Body);
            Assert.False(skill.TryGetProperty("warning", out _), listed.Body);
            Shape.IsRecentTime(skill.GetProperty("installedAt"));
            Shape.IsRecentTime(skill.GetProperty("updatedAt"));
            Assert.NotEqual(0, skill.GetProperty("actions").GetArrayLength());
            Assert.All(skill.GetProperty("actions").EnumerateArray(), action =>
            {
                Shape.Has(action, "name", "description", "parameters");
                Assert.Equal(JsonValueKind.Object, action.GetProperty("parameters").ValueKind);
            });
        });
    }

    [Fact]
    public async Task A_listed_skill_says_what_the_skill_itself_says()
    {
        using var tenant = await NewTenantAsync();

        var listed = SessionCalls.Require(await tenant.Client.GetAsync("/api/skills", Cancellation), 200);
        var github = SessionCalls.Require(await TryGetAsync(tenant.Client, "github"), 200);
        var report = SessionCalls.Require(await TryGetAsync(tenant.Client, "report-generator"), 200);

        Assert.Equal($$"""{"skills":[{{github.Body}},{{report.Body}}]}""", listed.Body);
        var action = github.Json.GetProperty("actions").EnumerateArray().Single(action => action.GetProperty("name").GetString() == "create-repo");
        var parameters = action.GetProperty("parameters");
        Assert.Equal("string", parameters.GetProperty("properties").GetProperty("name").GetProperty("type").GetString());
        Assert.Equal("boolean", parameters.GetProperty("properties").GetProperty("private").GetProperty("type").GetString());
        var token = github.Json.GetProperty("secrets").EnumerateArray().Single(secret => secret.GetProperty("name").GetString() == "GITHUB_TOKEN");
        Assert.Equal((true, false), (token.GetProperty("required").GetBoolean(), token.GetProperty("set").GetBoolean()));
    }

    [Fact]
    public async Task 执行技能()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);

        var executed = await TryExecuteAsync(tenant.Client, "github", ExecuteBody);

        Assert.True(executed.Status == 200, executed.ToString());
        Assert.Equal(("github", "create-repo", "succeeded"), (executed.Text("skill"), executed.Text("action"), executed.Text("status")));
        Assert.Equal("octocat/my-new-repo", executed.Text("result", "full_name"));
        Assert.True(executed.Json.GetProperty("result").GetProperty("private").GetBoolean(), executed.ToString());
        Assert.True(executed.Json.GetProperty("durationMs").GetInt64() >= 0, executed.ToString());
        Assert.False(executed.Json.TryGetProperty("error", out _), executed.ToString());
        var asked = Assert.Single(github.Requests);
        Assert.Equal(("POST", "/user/repos"), (asked.Method, asked.Target));
        Assert.True(asked.HasBearer(GitHubToken), asked.Header("Authorization"));
        // What was not given is not sent.
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"name":"my-new-repo","private":true}"""), asked.Json!.Value), asked.Body);
    }

    [Fact]
    public async Task 执行技能_that_the_service_refuses_has_failed_and_says_why()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);

        var error = await FailureAsync(tenant.Client, "github", "create-repo", new { name = "taken" });

        Assert.Contains("422", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Issues_are_listed_as_the_service_answers_them()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);

        var issues = await ResultAsync(tenant.Client, "github", "list-issues", new { owner = "octocat", repo = "hello", state = "all" });

        Assert.Equal(["The second issue", "The first issue"], issues.EnumerateArray().Select(issue => issue.GetProperty("title").GetString()));
        Assert.Equal("/repos/octocat/hello/issues?state=all", Assert.Single(github.Requests).Target);
    }
}
