using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Tests.Skills;

/// <summary><c>SKILL.md</c> and <c>actions.json</c>, as <c>docs/skills.md</c> has them.</summary>
public sealed class SkillManifestReaderTests : IDisposable
{
    private const string Head = "---\nname: word-count\ndescription: Counts words.\n";
    private const string Skill = Head + "---\nCall it.\n";
    private const string Prompt = """ "runner": {"type":"prompt"}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("openclaw-manifest-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_fields_of_the_frontmatter_are_read()
    {
        var manifest = Read(Head + """
            version: 1.1.0
            homepage: https://example.com
            license: MIT
            disable-model-invocation: true
            something-else: [1, {a: b}]
            metadata:
              openclaw:
                emoji: x
                requires:
                  bins: [python3]
                  env: [FIRST_KEY]
                primaryEnv: SECOND_KEY
                envVars: [THIRD, {name: FIRST_KEY, description: The first.}, {name: FOURTH, required: true}]
            ---
            """);

        Assert.Equal(("word-count", "Counts words.", "1.1.0"), (manifest.Name, manifest.Description, manifest.Version));
        Assert.Equal(("https://example.com", "MIT", false), (manifest.Homepage, manifest.License, manifest.IsForModels));
        Assert.Equal(
            [new SkillSecret("FIRST_KEY", true, "The first."), new SkillSecret("SECOND_KEY", true, null), new SkillSecret("THIRD", false, null), new SkillSecret("FOURTH", true, null)],
            manifest.Secrets);
    }

    [Theory]
    [InlineData("""metadata: {"openclaw": {"requires": {"env": ["A_KEY"]}}}""")]
    [InlineData("""metadata: '{"clawdbot": {"requires": {"env": ["A_KEY"]}}}'""")]
    public void Metadata_may_be_JSON_in_one_line(string line) =>
        Assert.Equal("A_KEY", Assert.Single(Read(Head + line + "\n---\n").Secrets).Name);

    [Fact]
    public void A_byte_order_mark_and_lines_of_Windows_are_fine()
    {
        var text = "\uFEFF" + (Skill + "Twice.\n").Replace("\n", "\r\n", StringComparison.Ordinal);

        Assert.Equal("word-count", Read(text).Name);
        Assert.Equal("Call it.\nTwice.", SkillManifestReader.ReadInstructions(_directory));
    }

    [Fact]
    public void A_skill_without_actions_follows_its_instructions()
    {
        var action = Assert.Single(Read(Skill).Actions);

        Assert.Equal(("run", "Follows the skill's instructions.", TimeSpan.FromMinutes(10)), (action.Name, action.Description, action.Timeout));
        Assert.Equal(new PromptRunner("{{input}}"), action.Runner);
        Assert.Equal(
            """{"type":"object","properties":{"input":{"type":"string","minLength":1,"maxLength":100000}},"required":["input"],"additionalProperties":false}""",
            action.Parameters.GetRawText());
    }

    [Theory]
    [InlineData("# Only text", 1, "must begin with frontmatter")]
    [InlineData("---\nname: a\ndescription: b\n", 1, "must begin with frontmatter")]
    [InlineData("---\n- a\n---\n", 2, "must be fields")]
    [InlineData("---\ndescription: b\n---\n", 2, "name is missing")]
    [InlineData("---\nname: a\n---\n", 2, "description is missing")]
    [InlineData("---\nname: Upper\ndescription: b\n---\n", 2, "name must be")]
    [InlineData("---\nname: a-\ndescription: b\n---\n", 2, "name must be")]
    [InlineData("---\nname: a\ndescription: [b]\n---\n", 3, "description must be a text")]
    [InlineData(Head + "version: 1 beta\n---\n", 4, "version must be")]
    [InlineData(Head + "disable-model-invocation: perhaps\n---\n", 4, "must be true or false")]
    [InlineData(Head + "\nname: again\n---\n", 5, "is not valid YAML")]
    [InlineData(Head + "homepage: a: b\n---\n", 4, "is not valid YAML")]
    [InlineData(Head + "homepage: &a x\n---\n", 4, "anchors")]
    [InlineData(Head + "homepage: *a\n---\n", 4, "aliases")]
    [InlineData(Head + "homepage: !!str x\n---\n", 4, "tags")]
    [InlineData(Head + "metadata: '{\"openclaw\": &x {}}'\n---\n", 4, "anchors")]
    [InlineData(Head + "metadata: {openclaw: {requires: {env: [a-b]}}}\n---\n", 4, "a-b")]
    [InlineData(Head + "metadata: '{\"openclaw\": {\"requires\": {\"env\": [\"1A\"]}}}'\n---\n", 4, "1A")]
    public void What_is_wrong_in_the_frontmatter_is_told_with_its_line(string text, int line, string told) =>
        AssertRefused("SKILL.md", line, told, ErrorOf(text));

    [Fact]
    public void The_depth_of_the_frontmatter_has_a_limit()
    {
        Assert.Equal("word-count", Read(Head + Nested(15)).Name);
        AssertRefused("SKILL.md", 4, "16 deep", ErrorOf(Head + Nested(16)));

        static string Nested(int depth) => $"x: {new string('[', depth)}{new string(']', depth)}\n---\n";
    }

    [Fact]
    public void The_size_of_the_instructions_and_of_their_frontmatter_has_a_limit()
    {
        AssertRefused("SKILL.md", 3, "1024", ErrorOf($"---\nname: a\ndescription: {new string('b', 1025)}\n---\n"));
        AssertRefused("SKILL.md", 1, "16 KiB", ErrorOf($"{Head}x: {new string('y', 16 * 1024)}\n---\n"));
        AssertRefused("SKILL.md", null, "262144", ErrorOf(Skill + new string('y', 256 * 1024)));
    }

    [Fact]
    public void Instructions_that_are_no_text_are_refused()
    {
        File.WriteAllBytes(Path.Combine(_directory, "SKILL.md"), [.. Encoding.UTF8.GetBytes(Skill), 0xff]);

        AssertRefused("SKILL.md", null, "UTF-8", SkillManifestReader.Read(_directory, isBuiltIn: false).Error);
    }

    [Fact]
    public void A_folder_without_instructions_is_no_skill() =>
        AssertRefused("SKILL.md", null, "is missing", SkillManifestReader.Read(_directory, isBuiltIn: false).Error);

    [Fact]
    public void Links_are_not_followed()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_directory, "elsewhere")).FullName;
        var skill = Directory.CreateDirectory(Path.Combine(_directory, "skill")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "SKILL.md"), Skill);
        File.WriteAllText(Path.Combine(elsewhere, "actions.json"), Action(Prompt));
        File.CreateSymbolicLink(Path.Combine(skill, "actions.json"), "../elsewhere/actions.json");
        File.CreateSymbolicLink(Path.Combine(skill, "SKILL.md"), "../elsewhere/SKILL.md");
        AssertRefused("SKILL.md", null, "is missing", SkillManifestReader.Read(skill, isBuiltIn: false).Error);

        File.Delete(Path.Combine(skill, "SKILL.md"));
        File.WriteAllText(Path.Combine(skill, "SKILL.md"), Skill);
        Assert.Equal("run", Assert.Single(SkillManifestReader.Read(skill, isBuiltIn: false).Manifest!.Actions).Name);
    }

    [Fact]
    public void Actions_are_read()
    {
        var actions = Read(Skill, """
            {"actions":[
              {"name":"count","description":"Counts.","parameters":{"type":"object","properties":{"text":{"type":"string"}}},
               "timeoutSeconds":10,"idempotent":true,"runner":{"type":"command","command":["python3","{baseDir}/count.py"]}},
              {"name":"send","runner":{"type":"http","method":"POST","url":"https://example.com/{{id}}","query":{"q":"{{q}}"},
               "headers":{"Authorization":"Bearer {{secrets.KEY}}"},"body":{"a":["{{params}}",1]}}},
              {"runner":{"type":"mcp","url":"https://example.com/mcp","tools":["one"]}}]}
            """).Actions;

        Assert.Equal(["count", "send", ""], actions.Select(action => action.Name));
        Assert.Equal(("Counts.", TimeSpan.FromSeconds(10), true), (actions[0].Description, actions[0].Timeout, actions[0].IsIdempotent));
        Assert.Equal(["python3", "{baseDir}/count.py"], Assert.IsType<CommandRunner>(actions[0].Runner).Arguments);
        Assert.Equal((SkillAction.DefaultTimeout, false), (actions[1].Timeout, actions[1].IsIdempotent));
        Assert.Equal("""{"type":"object"}""", actions[1].Parameters.GetRawText());
        var http = Assert.IsType<HttpRunner>(actions[1].Runner);
        Assert.Equal(("POST", "https://example.com/{{id}}"), (http.Method, http.Url));
        Assert.Equal(KeyValuePair.Create("q", "{{q}}"), Assert.Single(http.Query));
        Assert.Equal(KeyValuePair.Create("Authorization", "Bearer {{secrets.KEY}}"), Assert.Single(http.Headers));
        Assert.Equal(JsonValueKind.Object, http.Body?.ValueKind);
        Assert.Equal(["one"], Assert.IsType<McpRunner>(actions[2].Runner).Tools!);
    }

    [Fact]
    public void What_the_server_does_itself_is_for_built_in_skills()
    {
        var json = Action(""" "runner": {"type":"server","name":"report"}""");
        AssertRefused("actions.json", 5, "actions[0].runner.type must be one of command, http, mcp, prompt", ErrorOf(Skill, json));

        var manifest = SkillManifestReader.Read(_directory, isBuiltIn: true).Manifest;

        Assert.Equal(new ServerRunner("report"), Assert.Single(manifest!.Actions).Runner);
    }

    [Theory]
    [InlineData(""" "description": 1, "runner": {"type":"prompt"}""", "actions[0].description must be a text")]
    [InlineData(""" "timeout": 5, "runner": {"type":"prompt"}""", "actions[0].timeout is not known")]
    [InlineData(""" "timeoutSeconds": 0, "runner": {"type":"prompt"}""", "actions[0].timeoutSeconds must be")]
    [InlineData(""" "timeoutSeconds": 601, "runner": {"type":"prompt"}""", "actions[0].timeoutSeconds must be")]
    [InlineData(""" "timeoutSeconds": 1.5, "runner": {"type":"prompt"}""", "actions[0].timeoutSeconds must be")]
    [InlineData(""" "idempotent": "yes", "runner": {"type":"prompt"}""", "actions[0].idempotent must be")]
    [InlineData(""" "parameters": [], "runner": {"type":"prompt"}""", "actions[0].parameters must be")]
    [InlineData(""" "parameters": {"type":"array"}, "runner": {"type":"prompt"}""", "actions[0].parameters.type must be object")]
    [InlineData(""" "parameters": {"properties":{"a":{"pattern":"(a)\\1"}}}, "runner": {"type":"prompt"}""", "actions[0].parameters.properties.a.pattern ")]
    [InlineData(""" "runner": "prompt" """, "actions[0].runner.type must be one of")]
    [InlineData(""" "runner": {}""", "actions[0].runner.type must be one of")]
    [InlineData(""" "runner": {"type":"prompt","url":"x"}""", "actions[0].runner.url is not known")]
    [InlineData(""" "runner": {"type":"prompt","prompt":"{{input"}""", "actions[0].runner.prompt ")]
    [InlineData(""" "runner": {"type":"prompt","prompt":"input}}"}""", "actions[0].runner.prompt ")]
    [InlineData(""" "runner": {"type":"prompt","prompt":"{{a b}}"}""", "actions[0].runner.prompt ")]
    [InlineData(""" "runner": {"type":"prompt","prompt":"{{secrets.KEY}}"}""", "actions[0].runner.prompt must not hold secrets")]
    [InlineData(""" "runner": {"type":"command"}""", "actions[0].runner.command is missing")]
    [InlineData(""" "runner": {"type":"command","command":[]}""", "actions[0].runner.command must be")]
    [InlineData(""" "runner": {"type":"command","command":"ls"}""", "actions[0].runner.command must be")]
    [InlineData(""" "runner": {"type":"command","command":["ls",1]}""", "actions[0].runner.command[1] must be")]
    [InlineData(""" "runner": {"type":"command","command":[""]}""", "actions[0].runner.command must begin")]
    [InlineData(""" "runner": {"type":"http"}""", "actions[0].runner.url is missing")]
    [InlineData(""" "runner": {"type":"http","url":"{{"}""", "actions[0].runner.url ")]
    [InlineData(""" "runner": {"type":"http","url":"x","method":"TRACE"}""", "actions[0].runner.method must be")]
    [InlineData(""" "runner": {"type":"http","url":"x","query":{"q":"{{"}}""", "actions[0].runner.query.q ")]
    [InlineData(""" "runner": {"type":"http","url":"x","method":"PUT","body":{"a":["{{"]}}""", "actions[0].runner.body.a[0] ")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"X":1}}""", "actions[0].runner.headers.X must be a text")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"X Y":"1"}}""", "actions[0].runner.headers.X Y is no name")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"":"1"}}""", "is no name of a header")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"host":"1"}}""", "actions[0].runner.headers.host is the client's own")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"Content-Length":"1"}}""", "actions[0].runner.headers.Content-Length is")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"transfer-encoding":"1"}}""", "actions[0].runner.headers.transfer-encoding is")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"Connection":"1"}}""", "actions[0].runner.headers.Connection is")]
    [InlineData(""" "runner": {"type":"http","url":"x","headers":{"proxy-anything":"1"}}""", "actions[0].runner.headers.proxy-anything is")]
    [InlineData(""" "runner": {"type":"mcp"}""", "either command or url")]
    [InlineData(""" "runner": {"type":"mcp","url":"x","command":["y"]}""", "either command or url")]
    [InlineData(""" "runner": {"type":"mcp","command":["y"],"headers":{"A":"1"}}""", "actions[0].runner.headers goes with url")]
    [InlineData(""" "runner": {"type":"mcp","url":"x","tools":[]}""", "actions[0].runner.tools must be")]
    public void What_is_wrong_in_an_action_is_told_with_its_path_and_line(string members, string told) =>
        AssertRefused("actions.json", 5, told, ErrorOf(Skill, Action(members)));

    [Theory]
    [InlineData("[]", 1, "must be an object")]
    [InlineData("{}", 1, "actions is missing")]
    [InlineData("{\n\"actions\": []}", 2, "actions must be an array")]
    [InlineData("{\n\n\"action\": []}", 3, "action is not known")]
    [InlineData("{\"actions\": [\n1]}", 2, "actions[0] must be an object")]
    [InlineData("{\"actions\": [\n{\"name\":\"a\"}]}", 2, "actions[0].runner is missing")]
    [InlineData("{\"actions\": [\n{\"runner\":{\"type\":\"prompt\"}}]}", 2, "actions[0].name is missing")]
    [InlineData("{\"actions\": [\n{\n\"name\":\"a b\",\"runner\":{\"type\":\"prompt\"}}]}", 3, "actions[0].name must be")]
    [InlineData("{\"actions\": [\n{\"name\":\"a\",\"runner\":{\"type\":\"prompt\"}},\n{\"name\":\"a\",\"runner\":{\"type\":\"prompt\"}}]}", 3, "actions[1].name is there twice")]
    [InlineData("{\"actions\": [],\n\"actions\": []}", 2, "actions is there twice")]
    [InlineData("{\"actions\": [{\"name\":\"a\",\n\"name\":\"b\"}]}", 2, "actions[0].name is there twice")]
    [InlineData("{\n\"actions\": [\n}", 3, "is not valid JSON")]
    [InlineData("{\"\\ud800\": 1}", 1, "surrogate")]
    [InlineData("{\"actions\": [{\"name\":\"\\ud800\"}]}", 1, "surrogate")]
    [InlineData("{\"\\ud800\": 1, \"\\ud800\": 2}", 1, "")]
    public void What_is_wrong_in_the_actions_is_told_with_its_line(string json, int line, string told) =>
        AssertRefused("actions.json", line, told, ErrorOf(Skill, json));

    [Fact]
    public void Actions_have_limits()
    {
        static string Actions(int count) =>
            "{\"actions\":[" + string.Join(',', Enumerable.Range(0, count).Select(index => $"{{\"name\":\"a{index}\",{Prompt}}}")) + "]}";

        Assert.Equal(64, Read(Skill, Actions(64)).Actions.Count);
        AssertRefused("actions.json", 1, "64", ErrorOf(Skill, Actions(65)));
        AssertRefused("actions.json", 5, "1024", ErrorOf(Skill, Action($"\"description\": \"{new string('d', 1025)}\", {Prompt}")));
        AssertRefused("actions.json", null, "262144", ErrorOf(Skill, Actions(1) + new string(' ', 256 * 1024)));
        AssertRefused("actions.json", 1, "JSON", ErrorOf(Skill, new string('[', 65) + new string(']', 65)));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("word-count-2", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a_b", false)]
    [InlineData("é", false)]
    public void A_name_of_a_skill_is_lower_case(string name, bool isOne)
    {
        Assert.Equal(isOne, SkillNames.IsSkillName(name));
        Assert.False(SkillNames.IsSkillName(name.PadRight(65, 'a')));
    }

    [Theory]
    [InlineData("a", true, true, true)]
    [InlineData("A_b", true, true, true)]
    [InlineData("1.0.0-rc", true, false, true)]
    [InlineData("1.0+x", false, false, true)]
    [InlineData("_a", true, false, false)]
    [InlineData("PPID", true, false, true)]
    [InlineData("-a", true, false, false)]
    [InlineData("a/b", false, false, false)]
    [InlineData("a b", false, false, false)]
    [InlineData("é", false, false, false)]
    [InlineData("", false, false, false)]
    public void Names_of_actions_and_secrets_and_versions_are_told_apart(string name, bool isAction, bool isSecret, bool isVersion)
    {
        Assert.Equal((isAction, isSecret, isVersion), (SkillNames.IsActionName(name), SkillNames.IsSecretName(name), SkillNames.IsVersion(name)));
        var long65 = new string('a', 65);
        Assert.Equal((false, false, false), (SkillNames.IsActionName(long65), SkillNames.IsSecretName(long65), SkillNames.IsVersion(long65)));
    }

    /// <summary>One action, whose members but for the name stand in line 5.</summary>
    private static string Action(string members) => "{\n  \"actions\": [\n    {\n      \"name\": \"a\",\n" + members + "\n    }\n  ]\n}";

    private SkillManifest Read(string skill, string? actions = null)
    {
        Write(skill, actions);
        var (manifest, error) = SkillManifestReader.Read(_directory, isBuiltIn: false);
        Assert.Null(error);
        return manifest!;
    }

    private SkillPackageError? ErrorOf(string skill, string? actions = null)
    {
        Write(skill, actions);
        var (manifest, error) = SkillManifestReader.Read(_directory, isBuiltIn: false);
        Assert.Null(manifest);
        return error;
    }

    private void Write(string skill, string? actions)
    {
        File.WriteAllText(Path.Combine(_directory, "SKILL.md"), skill);
        if (actions is not null) File.WriteAllText(Path.Combine(_directory, "actions.json"), actions);
    }

    private static void AssertRefused(string file, int? line, string told, SkillPackageError? error)
    {
        Assert.NotNull(error);
        Assert.Contains(told, error.Reason.English, StringComparison.Ordinal);
        Assert.NotEqual("", error.Reason.Chinese);
        Assert.Equal((file, line), (error.File, error.Line));
    }
}
