using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>A skill's secrets go in and never come out.</summary>
public abstract class SecretTests(DatabaseServers servers) : SkillTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SecretTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SecretTests(servers.OnPostgres);

    private const string Secret = "ghp_2718281828459045";

    private static Task<ApiResponse> TryPutAsync(ApiClient client, string body) => client.PutAsync("/api/skills/github/secrets", body, Cancellation);

    /// <summary>A skill that names these secrets.</summary>
    private static async Task MakeKeeperAsync(ApiClient client, IEnumerable<string> secrets)
    {
        await WriteAsync(client, "keeper", ("SKILL.md", SkillFiles.Manifest("keeper", "1.0.0", [.. secrets])));
        SessionCalls.Require(await TryInstallFolderAsync(client, "keeper"), 200);
    }

    [Fact]
    public async Task No_answer_tells_a_secret()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub("another token"), Cancellation);
        using var tenant = await NewTenantAsync();

        var answers = new List<ApiResponse>
        {
            await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = Secret, GITHUB_API_URL = github.Address }),
            await tenant.Client.GetAsync("/api/skills", Cancellation),
            await TryGetAsync(tenant.Client, "github"),
            await ExecuteAsync(tenant.Client, "github", "create-repo", new { name = "a" }),
            await TryExecuteAsync(tenant.Client, "github", new { action = "create-repo", @params = new { } }),
            await TryListRunsAsync(tenant.Client, "github"),
            await TryPutAsync(tenant.Client, $$"""{"secrets":{"GITHUB_TOKEN":"{{Secret}}","not a name":"x"} }"""),
            await TryPutAsync(tenant.Client, $$"""{"secrets":{"GITHUB_TOKEN":["{{Secret}}"]} }"""),
            await TryPutAsync(tenant.Client, $$"""{"secrets":["{{Secret}}"]}"""),
            await EnableAsync(tenant.Client, "github", false),
            await InstallAsync(tenant.Client, new { source = "builtin", name = "github" }),
            await TryUninstallAsync(tenant.Client, "github"),
        };

        Assert.Equal([200, 200, 200, 200, 400, 200, 400, 400, 400, 200, 200, 200], answers.Select(answer => answer.Status));
        Assert.Equal("failed", answers[3].Text("status"));
        Assert.True(Assert.Single(github.Requests).HasBearer(Secret));
        Assert.All(answers, answer => Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.DoesNotContain(github.Address, answer.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Setting_answers_the_skill_with_what_is_set()
    {
        using var tenant = await NewTenantAsync();

        var set = await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = Secret });

        var token = set.Json.GetProperty("secrets").EnumerateArray().Single(secret => secret.GetProperty("name").GetString() == "GITHUB_TOKEN");
        Assert.Equal((true, true), (token.GetProperty("set").GetBoolean(), token.GetProperty("required").GetBoolean()));
        Assert.Equal(set.Body, (await TryGetAsync(tenant.Client, "github")).Body);
    }

    [Fact]
    public async Task Null_removes_one_and_those_not_named_stay()
    {
        using var tenant = await NewTenantAsync();
        await MakeKeeperAsync(tenant.Client, ["A", "B", "C"]);
        await SetSecretsAsync(tenant.Client, "keeper", new { A = "1", B = "2" });

        await SetSecretsAsync(tenant.Client, "keeper", new { A = (string?)null, C = "3" });

        Assert.Equal(["B", "C"], await SetNamesAsync(tenant.Client, "keeper"));
        // To remove what is not set is no mistake.
        await SetSecretsAsync(tenant.Client, "keeper", new { A = (string?)null });
        Assert.Equal(["B", "C"], await SetNamesAsync(tenant.Client, "keeper"));
    }

    [Fact]
    public async Task A_secret_that_was_removed_is_not_used_any_more()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewGitHubTenantAsync(github);
        Assert.Equal("succeeded", (await TryCreateRepositoryAsync(tenant.Client)).Text("status"));

        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = (string?)null });

        ErrorAssert.IsConflict(await TryCreateRepositoryAsync(tenant.Client));
        Assert.Single(github.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A B")]
    [InlineData("A=B")]
    [InlineData("1A")]
    [InlineData("A-B")]
    [InlineData("名")]
    [InlineData("A\n")]
    public async Task A_name_that_no_environment_variable_may_have_is_refused(string name)
    {
        using var tenant = await NewTenantAsync();

        var refused = await TrySetSecretsAsync(tenant.Client, "github", new Dictionary<string, string> { ["GITHUB_TOKEN"] = Secret, [name] = "x" });

        ErrorAssert.IsInvalid(refused);
        Assert.Empty(await SetNamesAsync(tenant.Client, "github"));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"secrets":null}""")]
    [InlineData("""{"secrets":[]}""")]
    [InlineData("""{"secrets":"GITHUB_TOKEN"}""")]
    [InlineData("""{"secrets":{"GITHUB_TOKEN":5}}""")]
    [InlineData("""{"secrets":{"GITHUB_TOKEN":{}}}""")]
    [InlineData("""{"secrets":{"GITHUB_TOKEN":true}}""")]
    [InlineData("""{"secrets":{"GITHUB_TOKEN":""}}""")]
    public async Task What_is_no_secret_is_refused(string body)
    {
        using var tenant = await NewTenantAsync();

        var refused = await TryPutAsync(tenant.Client, body);

        ErrorAssert.IsInvalid(refused);
        Assert.StartsWith("secrets", refused.Text("error", "details", "field"), StringComparison.Ordinal);
        Assert.Empty(await SetNamesAsync(tenant.Client, "github"));
    }

    [Fact]
    public async Task A_skill_is_given_64_secrets_at_most()
    {
        using var tenant = await NewTenantAsync();
        var names = Enumerable.Range(0, 65).Select(i => $"S{i:d2}").ToList();
        await MakeKeeperAsync(tenant.Client, names.Take(64));

        ErrorAssert.IsInvalid(await TrySetSecretsAsync(tenant.Client, "keeper", names.ToDictionary(name => name, _ => "x")));
        Assert.Empty(await SetNamesAsync(tenant.Client, "keeper"));
        await SetSecretsAsync(tenant.Client, "keeper", names.Take(64).ToDictionary(name => name, _ => "x"));

        Assert.Equal(names.Take(64), await SetNamesAsync(tenant.Client, "keeper"));
    }

    [Fact]
    public async Task A_secret_has_32768_bytes_at_most()
    {
        using var tenant = await NewTenantAsync();

        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = new string('x', 32_768) });
        ErrorAssert.IsInvalid(await TrySetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = new string('x', 32_769) }));
        // 32,769 bytes in UTF-8.
        ErrorAssert.IsInvalid(await TrySetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = new string('中', 10_923) }));
    }

    [Fact]
    public async Task A_skill_that_was_uninstalled_has_lost_its_secrets()
    {
        using var tenant = await NewTenantAsync();
        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = Secret });
        Assert.Equal(["GITHUB_TOKEN"], await SetNamesAsync(tenant.Client, "github"));

        await UninstallAsync(tenant.Client, "github");
        await InstallAsync(tenant.Client, new { source = "builtin", name = "github" });

        Assert.Empty(await SetNamesAsync(tenant.Client, "github"));
        ErrorAssert.IsConflict(await TryCreateRepositoryAsync(tenant.Client));
    }

    [Fact]
    public async Task Secrets_of_a_manifest_are_listed_with_what_is_said_of_them()
    {
        using var tenant = await NewTenantAsync();
        const string manifest = """
            ---
            name: keeper
            description: Needs secrets.
            metadata:
              openclaw:
                requires:
                  env: [NEEDED]
                envVars:
                  - PLAIN
                  - name: OPTIONAL
                    required: false
                    description: Is not needed.
            ---
            """;
        await WriteAsync(tenant.Client, "keeper", ("SKILL.md", manifest));
        SessionCalls.Require(await TryInstallFolderAsync(tenant.Client, "keeper"), 200);

        var secrets = (await SkillAsync(tenant.Client, "keeper")).GetProperty("secrets").EnumerateArray().ToDictionary(secret => secret.GetProperty("name").GetString()!);

        Assert.Equal(["NEEDED", "OPTIONAL", "PLAIN"], secrets.Keys.Order(StringComparer.Ordinal));
        Assert.All(secrets.Values, secret => Assert.Equal(JsonValueKind.False, secret.GetProperty("set").ValueKind));
        Assert.Equal((true, false), (secrets["NEEDED"].GetProperty("required").GetBoolean(), secrets["OPTIONAL"].GetProperty("required").GetBoolean()));
        Assert.Equal("Is not needed.", secrets["OPTIONAL"].GetProperty("description").GetString());
    }
}
