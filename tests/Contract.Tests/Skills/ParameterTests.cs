using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>What an execution asks for: action, parameters, secrets; and skills that are a text alone. The database has no part in it.</summary>
public sealed class ParameterTests(Servers servers) : SkillTest(servers.OnSqlite)
{
    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "text": { "type": "string", "maxLength": 5, "pattern": "^[a-z]*$" },
            "count": { "type": "integer", "minimum": 1 },
            "kind": { "enum": ["a", "b"] },
            "options": { "type": "object", "properties": { "deep": { "type": "boolean" } }, "additionalProperties": false },
            "items": { "type": "array", "maxItems": 3, "items": { "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"] } }
          },
          "required": ["text"],
          "additionalProperties": false
        }
        """;

    private static Task<ApiResponse> MakeCheckerAsync(ApiClient client, string url = "http://127.0.0.1:1/") => MakeAsync(
        client, "checker",
        SkillFiles.Actions(
            SkillFiles.ActionOf("check", SkillFiles.Get(url), parameters: JsonElement.Parse(Schema)),
            SkillFiles.ActionOf("other", SkillFiles.Get(url))));

    [Theory]
    [InlineData("""{}""", "params.text")]
    [InlineData("""{"text":5}""", "params.text")]
    [InlineData("""{"text":null}""", "params.text")]
    [InlineData("""{"text":"abcdef"}""", "params.text")]
    [InlineData("""{"text":"A"}""", "params.text")]
    [InlineData("""{"text":"a","count":0}""", "params.count")]
    [InlineData("""{"text":"a","count":1.5}""", "params.count")]
    [InlineData("""{"text":"a","count":"1"}""", "params.count")]
    [InlineData("""{"text":"a","kind":"c"}""", "params.kind")]
    [InlineData("""{"text":"a","extra":1}""", "params.extra")]
    [InlineData("""{"text":"a","options":{"deep":"yes"}}""", "params.options.deep")]
    [InlineData("""{"text":"a","options":{"deeper":true}}""", "params.options.deeper")]
    [InlineData("""{"text":"a","items":{}}""", "params.items")]
    [InlineData("""{"text":"a","items":[{"n":1},{"n":1},{"n":1},{"n":1}]}""", "params.items")]
    [InlineData("""{"text":"a","items":[{"n":1},{"n":"x"}]}""", "params.items[1].n")]
    [InlineData("""{"text":"a","items":[{}]}""", "params.items[0].n")]
    [InlineData("""{"text":"a","items":[{"n":1},5]}""", "params.items[1]")]
    public async Task Parameters_that_break_the_schema_are_named_by_their_path(string parameters, string field)
    {
        using var tenant = await NewTenantAsync();
        await MakeCheckerAsync(tenant.Client);

        var refused = await TryExecuteAsync(tenant.Client, "checker", new { action = "check", @params = JsonElement.Parse(parameters) });

        ErrorAssert.IsInvalid(refused, field);
        Assert.Empty(await RunsAsync(tenant.Client, "checker"));
    }

    [Theory]
    [InlineData("""{"text":"a"}""")]
    [InlineData("""{"text":"","count":1,"kind":"b","options":{"deep":true},"items":[{"n":1,"more":2}]}""")]
    [InlineData("""{"text":"a","count":2.0,"items":[]}""")]
    public async Task Parameters_that_fit_the_schema_are_taken(string parameters)
    {
        await using var service = await ServiceDouble.StartAsync(_ => ServiceDouble.Answer.Of(200, new { taken = true }), Cancellation);
        using var tenant = await NewTenantAsync();
        await MakeCheckerAsync(tenant.Client, service.Address);

        Assert.Equal("""{"taken":true}""", (await ResultAsync(tenant.Client, "checker", "check", JsonElement.Parse(parameters))).GetRawText());
    }

    [Theory]
    [InlineData("""{"action":"none","params":{}}""", "action")]
    [InlineData("""{"action":"CHECK","params":{"text":"a"}}""", "action")]
    [InlineData("""{"action":5,"params":{}}""", "action")]
    [InlineData("""{"action":"","params":{}}""", "action")]
    [InlineData("""{"params":{"text":"a"}}""", "action")]
    [InlineData("""{"action":"check","params":"text"}""", "params")]
    [InlineData("""{"action":"check","params":["text"]}""", "params")]
    [InlineData("""{"action":"check","params":5}""", "params")]
    [InlineData("""{"action":"other","params":[]}""", "params")]
    public async Task A_body_that_cannot_be_executed_says_what_to_change(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        await MakeCheckerAsync(tenant.Client);

        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "checker", body), field);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_body_that_is_no_JSON_object_is_invalid(string body)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "github", body));
        ErrorAssert.IsInvalid(await TryInstallAsync(tenant.Client, body));
    }

    [Fact]
    public async Task Parameters_have_1_MiB_at_most()
    {
        using var tenant = await NewTenantAsync();
        await MakeCheckerAsync(tenant.Client);

        var refused = await TryExecuteAsync(tenant.Client, "checker", new { action = "other", @params = new { text = new string('x', (1 << 20) + 1) } });

        IsRefused(refused, 400, 413);
    }

    [Fact]
    public async Task A_skill_that_is_not_installed_is_not_found()
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsNotFound(await TryExecuteAsync(tenant.Client, "none", new { action = "run", @params = new { } }));
        // It comes with the server, and this tenant has not installed it.
        ErrorAssert.IsNotFound(await TryExecuteAsync(tenant.Client, "notion", new { action = "search", @params = new { } }));
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "none"));
        ErrorAssert.IsNotFound(await TryListRunsAsync(tenant.Client, "none"));
    }

    [Fact]
    public async Task A_secret_that_is_needed_and_not_set_is_a_conflict_that_names_it()
    {
        await using var github = await ServiceDouble.StartAsync(ServiceDouble.GitHub(GitHubToken), Cancellation);
        using var tenant = await NewTenantAsync();
        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_API_URL = github.Address });

        var refused = await TryCreateRepositoryAsync(tenant.Client);

        ErrorAssert.IsConflict(refused);
        Assert.Contains("GITHUB_TOKEN", refused.Body, StringComparison.Ordinal);
        Assert.Empty(github.Requests);
        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = GitHubToken });
        Assert.Equal("succeeded", (await TryCreateRepositoryAsync(tenant.Client)).Text("status"));
    }

    [Fact]
    public async Task A_text_alone_has_the_action_run_which_a_model_answers()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "poet", actions: null);

        var action = Assert.Single((await SkillAsync(tenant.Client, "poet")).GetProperty("actions").EnumerateArray());
        Assert.Equal("run", action.GetProperty("name").GetString());
        Assert.Equal("string", action.GetProperty("parameters").GetProperty("properties").GetProperty("input").GetProperty("type").GetString());
        Assert.Equal("input", Assert.Single(action.GetProperty("parameters").GetProperty("required").EnumerateArray()).GetString());

        var result = await ResultAsync(tenant.Client, "poet", "run", new { input = "你好" });

        Assert.False(string.IsNullOrWhiteSpace(result.GetProperty("content").GetString()), result.GetRawText());
    }

    [Theory]
    [InlineData("""{"action":"run","params":{}}""", "params.input")]
    [InlineData("""{"action":"run"}""", "params.input")]
    [InlineData("""{"action":"run","params":{"input":5}}""", "params.input")]
    [InlineData("""{"action":"walk","params":{"input":"a"}}""", "action")]
    public async Task A_text_alone_wants_its_input(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "poet", actions: null);

        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "poet", body), field);
    }
}
