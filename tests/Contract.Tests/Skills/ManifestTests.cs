using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>What is wrong in a skill's files is told with file and line, and nothing of it is installed. The database has no part in it.</summary>
public sealed class ManifestTests(Servers servers) : SkillTest(servers.OnSqlite)
{
    private const string Runner = """{"type":"command","command":["true"]}""";

    [Theory]
    [InlineData("# A text and nothing before it\n")]
    [InlineData("")]
    [InlineData("---\nname: wrong\ndescription: Has no end.\n")]
    [InlineData("---\ndescription: Has no name.\n---\n")]
    [InlineData("---\nname: wrong\n---\nHas no description.\n")]
    [InlineData("---\nname: wrong\ndescription: \"\"\n---\n")]
    [InlineData("---\nname: wrong\ndescription: [a, b]\n---\n")]
    [InlineData("---\nname: Wrong_Name\ndescription: Has a wrong name.\n---\n")]
    [InlineData("---\nname: wrong-\ndescription: Has a wrong name.\n---\n")]
    [InlineData("---\nname: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\ndescription: Has a long name.\n---\n")]
    public async Task A_manifest_that_is_wrong_is_named(string manifest)
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "wrong", ("SKILL.md", manifest));

        var reason = ReasonOf(await TryInstallFolderAsync(tenant.Client, "wrong"), "path");

        Assert.Contains("SKILL.md", reason, StringComparison.Ordinal);
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task Frontmatter_that_is_no_YAML_is_named_with_its_line()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "wrong", ("SKILL.md", "---\nname: wrong\ndescription: \"never closed\nversion: 1.0.0\n---\n"));

        Assert.Matches(@"SKILL\.md:\d+", ReasonOf(await TryInstallFolderAsync(tenant.Client, "wrong"), "path"));
    }

    [Fact]
    public async Task A_description_has_1024_characters_at_most()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "longest", ("SKILL.md", $"---\nname: longest\ndescription: {new string('d', 1024)}\n---\n"));
        await WriteAsync(tenant.Client, "longer", ("SKILL.md", $"---\nname: longer\ndescription: {new string('d', 1025)}\n---\n"));

        Assert.Equal(200, (await TryInstallFolderAsync(tenant.Client, "longest")).Status);
        Assert.Contains("SKILL.md", ReasonOf(await TryInstallFolderAsync(tenant.Client, "longer"), "path"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_has_256_KiB_at_most()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "large", ("SKILL.md", SkillFiles.Manifest("large") + new string('x', 256 * 1024)));

        IsRefused(await TryInstallFolderAsync(tenant.Client, "large"), 400, 413);
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "large"));
    }

    [Fact]
    public async Task Fields_that_are_not_known_in_a_manifest_are_passed_over()
    {
        using var tenant = await NewTenantAsync();
        const string manifest = """
            ---
            name: rich
            description: >
              Has a folded
              description.
            homepage: https://example.com/rich
            license: MIT
            allowed-tools: [Read, Write]
            metadata: {"clawdbot":{"emoji":"x","requires":{"bins":["jq"],"env":["RICH_KEY"]},"primaryEnv":"RICH_KEY"}}
            ---
            # Rich
            """;
        await WriteAsync(tenant.Client, "rich", ("SKILL.md", manifest));

        var installed = SessionCalls.Require(await TryInstallFolderAsync(tenant.Client, "rich"), 200);

        Assert.Equal("1.0.0", installed.Text("version"));
        var skill = await SkillAsync(tenant.Client, "rich");
        Assert.Equal("Has a folded description.", skill.GetProperty("description").GetString()!.Trim());
        Assert.Equal(("https://example.com/rich", "MIT"), (skill.GetProperty("homepage").GetString(), skill.GetProperty("license").GetString()));
        Assert.Equal("RICH_KEY", Assert.Single(skill.GetProperty("secrets").EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("{\n  \"actions\": [\n    { \"name\": !! }\n  ]\n}", 3)]
    [InlineData("{\n  \"actions\": [\n    {},,\n  ]\n}", 3)]
    [InlineData("{ \"actions\": [] } trailing", 1)]
    [InlineData("not JSON", 1)]
    public async Task Actions_that_are_no_JSON_are_named_with_their_line(string actions, int line)
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "wrong", ("SKILL.md", SkillFiles.Manifest("wrong")), ("actions.json", actions));

        var reason = ReasonOf(await TryInstallFolderAsync(tenant.Client, "wrong"), "path");

        Assert.Contains($"actions.json:{line}", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"actions":5}""")]
    [InlineData("""[]""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER}],"more":1}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"timeout":5}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":{"type":"command","command":["true"],"shell":true}}]}""")]
    [InlineData("""{"actions":[{"runner":RUNNER}]}""")]
    [InlineData("""{"actions":[{"name":"two words","runner":RUNNER}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER},{"name":"a","runner":RUNNER}]}""")]
    [InlineData("""{"actions":[{"name":"a"}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":{"type":"magic"}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":{"type":"command"}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":{"type":"command","command":[]}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":{"type":"command","command":"true"}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":{"type":"http"}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"timeoutSeconds":0}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"timeoutSeconds":601}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"timeoutSeconds":"5"}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"idempotent":"yes"}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"parameters":[]}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"parameters":{"type":"array"}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"parameters":{"type":"object","properties":{"x":{"type":"thing"}}}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"parameters":{"type":"object","properties":{"x":{"$ref":"https://example.com/schema.json"}}}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"parameters":{"type":"object","properties":{"x":{"type":"string","pattern":"(a)\\1"}}}}]}""")]
    [InlineData("""{"actions":[{"name":"a","runner":RUNNER,"parameters":{"type":"object","properties":{"x":{"type":"string","pattern":"("}}}}]}""")]
    public async Task An_action_that_cannot_be_is_named_with_file_and_line(string actions)
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(
            tenant.Client, "wrong", ("SKILL.md", SkillFiles.Manifest("wrong")), ("actions.json", actions.Replace("RUNNER", Runner, StringComparison.Ordinal)));

        var reason = ReasonOf(await TryInstallFolderAsync(tenant.Client, "wrong"), "path");

        Assert.Matches(@"actions\.json:\d+", reason);
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "wrong"));
    }

    [Fact]
    public async Task The_line_is_that_of_the_action_that_is_wrong()
    {
        using var tenant = await NewTenantAsync();
        var actions = "{\n\"actions\": [\n{\"name\": \"fine\", \"runner\": RUNNER},\n{\"name\": \"two words\", \"runner\": RUNNER},\n{\"name\": \"fine-too\", \"runner\": RUNNER}\n]\n}";
        await WriteAsync(
            tenant.Client, "wrong", ("SKILL.md", SkillFiles.Manifest("wrong")), ("actions.json", actions.Replace("RUNNER", Runner, StringComparison.Ordinal)));

        Assert.Contains("actions.json:4", ReasonOf(await TryInstallFolderAsync(tenant.Client, "wrong"), "path"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skill_has_64_actions_at_most()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "many", ("SKILL.md", SkillFiles.Manifest("many")), ("actions.json", Many(64)));
        await WriteAsync(tenant.Client, "more", ("SKILL.md", SkillFiles.Manifest("more")), ("actions.json", Many(65)));

        Assert.Equal(200, (await TryInstallFolderAsync(tenant.Client, "many")).Status);
        Assert.Contains("actions.json", ReasonOf(await TryInstallFolderAsync(tenant.Client, "more"), "path"), StringComparison.Ordinal);

        static string Many(int count) => SkillFiles.Actions([.. Enumerable.Range(0, count).Select(i => SkillFiles.ActionOf($"a{i}", SkillFiles.Bash("a.sh")))]);
    }

    /// <summary>The documentation knows four runners; what built-in skills run in the server is not for a tenant's own.</summary>
    [Fact]
    public async Task A_runner_of_the_servers_own_skills_is_not_for_others()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(
            tenant.Client, "sly", ("SKILL.md", SkillFiles.Manifest("sly")),
            ("actions.json", """{"actions":[{"name":"a","runner":{"type":"server","name":"report"}}]}"""));

        Assert.Matches(@"actions\.json:\d+", ReasonOf(await TryInstallFolderAsync(tenant.Client, "sly"), "path"));
    }
}
