using System.Text.Json;
using OpenClaw.Contract.Tests.Commands;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>Actions that run a program in the sandbox, and what a hostile one may try. The database has no part in it.</summary>
public sealed class CommandActionTests(Servers servers) : SkillTest(servers.OnSqlite)
{
    private static readonly string[] Nowhere = ["no-such-program-anywhere"];

    private const string Echo = """
        import json, os, sys
        params = json.load(sys.stdin.buffer)
        told = {
            "params": params,
            "token": os.environ.get("KIT_TOKEN"),
            "at home": os.getcwd() == os.path.dirname(os.path.abspath(__file__)),
        }
        sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode("utf-8"))
        """;

    [Fact]
    public async Task A_program_gets_its_parameters_and_secrets_and_its_output_is_the_result()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(
            tenant.Client, "kit",
            ("SKILL.md", SkillFiles.Manifest("kit", "1.0.0", "KIT_TOKEN")),
            ("actions.json", SkillFiles.Actions(SkillFiles.ActionOf("echo", SkillFiles.Python("run.py")))),
            ("run.py", Echo));
        Assert.Equal(200, (await TryInstallFolderAsync(tenant.Client, "kit")).Status);
        await SetSecretsAsync(tenant.Client, "kit", new { KIT_TOKEN = "s3cret of the kit" });
        var parameters = JsonElement.Parse("""{"text":"你好 😀 \"quoted\"\n","nested":{"list":[1,2.5,true,null,{}]},"$(touch /workspace/x)":"; exit 1"}""");

        var executed = await ExecuteAsync(tenant.Client, "kit", "echo", parameters);

        Assert.True(executed.Text("status") == "succeeded", executed.ToString());
        var result = executed.Json.GetProperty("result");
        Assert.True(JsonElement.DeepEquals(parameters, result.GetProperty("params")), executed.ToString());
        Assert.Equal("s3cret of the kit", result.GetProperty("token").GetString());
        Assert.True(result.GetProperty("at home").GetBoolean(), executed.ToString());
        Assert.Contains("你好", executed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_without_parameters_gets_an_empty_object_and_no_secret_that_is_not_set()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("echo", SkillFiles.Python("run.py"))), ("run.py", Echo));

        // The skill has this action alone, so that it need not be named.
        var executed = await TryExecuteAsync(tenant.Client, "kit", "{}");

        Assert.True(executed.Status == 200, executed.ToString());
        Assert.Equal(("echo", "succeeded"), (executed.Text("action"), executed.Text("status")));
        Assert.Equal("{}", executed.Json.GetProperty("result").GetProperty("params").GetRawText());
        Assert.Equal(JsonValueKind.Null, executed.Json.GetProperty("result").GetProperty("token").ValueKind);
    }

    [Fact]
    public async Task A_program_writes_to_the_workspace_and_never_to_its_own_folder()
    {
        using var tenant = await NewTenantAsync();
        const string script = """
            own=false; workspace=false
            ( echo x > "$(dirname "$0")/new" ) 2>/dev/null && own=true
            ( echo x >> "$0" ) 2>/dev/null && own=true
            ( rm "$0" ) 2>/dev/null && own=true
            ( echo made > /workspace/made.txt ) 2>/dev/null && workspace=true
            echo "{\"own\":$own,\"workspace\":$workspace}"
            """;
        await MakeAsync(tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("write", SkillFiles.Bash("write.sh"))), ("write.sh", script));

        var result = await ResultAsync(tenant.Client, "kit", "write");

        Assert.Equal("""{"own":false,"workspace":true}""", result.GetRawText());
        Assert.Equal("made\n", await ReadFileAsync(tenant.Client, "/made.txt"));
        Assert.Equal("""{"own":false,"workspace":true}""", (await ResultAsync(tenant.Client, "kit", "write")).GetRawText());
    }

    [Fact]
    public async Task A_program_sees_nothing_of_the_server_and_reaches_no_network()
    {
        using var tenant = await NewTenantAsync();
        var port = tenant.Server.BaseAddress.Port;
        var script = $"(echo > /dev/tcp/127.0.0.1/{port}) 2>/dev/null && echo '\"reached\"' || env | python3 -c 'import json,sys; print(json.dumps(sys.stdin.read()))'\n";
        await MakeAsync(tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("look", SkillFiles.Bash("look.sh"))), ("look.sh", script));

        var seen = (await ResultAsync(tenant.Client, "kit", "look")).GetString();

        Assert.Contains("PATH=", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenClaw__", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("bootstrap-", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_given_to_its_own_skill_alone()
    {
        using var tenant = await NewTenantAsync();
        var actions = SkillFiles.Actions(SkillFiles.ActionOf("tell", SkillFiles.Bash("tell.sh")));
        foreach (var name in new[] { "owner", "neighbour" })
        {
            await WriteAsync(
                tenant.Client, name,
                ("SKILL.md", SkillFiles.Manifest(name, "1.0.0", "KIT_TOKEN")), ("actions.json", actions), ("tell.sh", "echo \"\\\"token:$KIT_TOKEN\\\"\"\n"));
            Assert.Equal(200, (await TryInstallFolderAsync(tenant.Client, name)).Status);
        }

        await SetSecretsAsync(tenant.Client, "owner", new { KIT_TOKEN = "mine" });

        Assert.Equal("token:mine", (await ResultAsync(tenant.Client, "owner", "tell")).GetString());
        Assert.Equal("token:", (await ResultAsync(tenant.Client, "neighbour", "tell")).GetString());
    }

    [Fact]
    public async Task Half_a_JSON_is_a_failure()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(
            tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("half", SkillFiles.Bash("half.sh"))), ("half.sh", "printf '{\"a\": [1, 2'\n"));

        Assert.Contains("JSON", await FailureAsync(tenant.Client, "kit", "half"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_exit_code_is_a_failure_and_its_standard_error_is_told()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(
            tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("fail", SkillFiles.Bash("fail.sh"))),
            ("fail.sh", "echo '{\"fine\":true}'; echo '因为 the moon is wrong' >&2; exit 3\n"));

        var error = await FailureAsync(tenant.Client, "kit", "fail");

        Assert.Contains("因为 the moon is wrong", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_failure()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("none", new { type = "command", command = Nowhere })));

        await FailureAsync(tenant.Client, "kit", "none");
    }

    [Fact]
    public async Task An_endless_program_ends_at_its_time_and_leaves_nothing_running()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();
        await MakeAsync(
            tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("loop", SkillFiles.Bash("loop.sh"), timeoutSeconds: 1)),
            ("loop.sh", $"trap '' TERM INT HUP; setsid bash -c 'exec -a {mark} sleep 1000' & while true; do :; done\n"));

        var executed = await ExecuteAsync(tenant.Client, "kit", "loop");

        Assert.True(executed.Text("status") == "timeout", executed.ToString());
        Assert.False(string.IsNullOrWhiteSpace(executed.Text("error")), executed.ToString());
        Assert.InRange(executed.Json.GetProperty("durationMs").GetInt64(), 900, 20_000);
        Assert.Equal(0, MarkedProcesses.Count(mark));
    }

    [Fact]
    public async Task A_result_has_1_MiB_at_most()
    {
        using var tenant = await NewTenantAsync();
        const string script = """printf '"'; head -c SIZE /dev/zero | tr '\0' x; printf '"'""";
        await MakeAsync(
            tenant.Client, "kit",
            SkillFiles.Actions(SkillFiles.ActionOf("fits", SkillFiles.Bash("fits.sh")), SkillFiles.ActionOf("flood", SkillFiles.Bash("flood.sh"))),
            ("fits.sh", script.Replace("SIZE", "1000000", StringComparison.Ordinal)),
            ("flood.sh", script.Replace("SIZE", "1100000", StringComparison.Ordinal)));

        Assert.Equal(1_000_000, (await ResultAsync(tenant.Client, "kit", "fits")).GetString()!.Length);
        var flood = await ExecuteAsync(tenant.Client, "kit", "flood");

        Assert.Equal("failed", flood.Text("status"));
        Assert.False(string.IsNullOrWhiteSpace(flood.Text("error")));
        Assert.InRange(flood.Body.Length, 0, 100_000);
    }

    [Fact]
    public async Task A_standard_error_without_end_is_told_in_part()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(
            tenant.Client, "kit", SkillFiles.Actions(SkillFiles.ActionOf("shout", SkillFiles.Bash("shout.sh"))),
            ("shout.sh", "head -c 5000000 /dev/zero | tr '\\0' '!' >&2; exit 1\n"));

        var error = await FailureAsync(tenant.Client, "kit", "shout");

        Assert.Contains("!!!", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 1, 1 << 20);
    }

    [Fact]
    public async Task A_fork_bomb_ends_and_the_next_execution_is_as_any()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(
            tenant.Client, "kit",
            SkillFiles.Actions(SkillFiles.ActionOf("bomb", SkillFiles.Bash("bomb.sh"), timeoutSeconds: 2), SkillFiles.ActionOf("fine", SkillFiles.Bash("fine.sh"))),
            ("bomb.sh", "bomb() { bomb | bomb & }; bomb; sleep 60\n"),
            ("fine.sh", "echo '\"fine\"'\n"));

        var bomb = await ExecuteAsync(tenant.Client, "kit", "bomb");

        Assert.Matches("^(timeout|failed)$", bomb.Text("status"));
        Assert.Equal("fine", (await ResultAsync(tenant.Client, "kit", "fine")).GetString());
    }
}
