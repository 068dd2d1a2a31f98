using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>Installing from the workspace and from what the server brings; upgrading, switching off, uninstalling.</summary>
public abstract class InstallTests(DatabaseServers servers) : SkillTest(servers)
{
    public sealed class OnSqlite(Servers servers) : InstallTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : InstallTests(servers.OnPostgres);

    /// <summary>Says what it was made to say, and the secret it was given.</summary>
    private static (string Path, string Content) Greeting(string text) => ("greet.sh", $"echo '\"{text}'\"$GREETER_TOKEN\"'\"'\n");

    private static string GreetActions { get; } = SkillFiles.Actions(SkillFiles.ActionOf("greet", SkillFiles.Bash("greet.sh")));

    [Fact]
    public async Task A_folder_of_the_workspace_becomes_a_skill()
    {
        using var tenant = await NewTenantAsync();

        var installed = await MakeAsync(tenant.Client, "greeter", GreetActions, Greeting("hello"));

        Assert.Equal(
            ("greeter", "1.0.0", "installed", "file"),
            (installed.Text("name"), installed.Text("version"), installed.Text("status"), installed.Text("source")));
        Assert.True(installed.Json.GetProperty("enabled").GetBoolean(), installed.Body);
        var skill = await SkillAsync(tenant.Client, "greeter");
        Assert.Equal(("Is greeter of a test.", "file"), (skill.GetProperty("description").GetString(), skill.GetProperty("source").GetString()));
        Assert.Equal("greet", Assert.Single(skill.GetProperty("actions").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(["github", "greeter", "report-generator"], await NamesAsync(tenant.Client));
        Assert.Equal("hello", (await ResultAsync(tenant.Client, "greeter", "greet")).GetString());
    }

    [Fact]
    public async Task A_zip_of_the_workspace_becomes_a_skill()
    {
        using var tenant = await NewTenantAsync();

        var installed = await TryInstallZipAsync(
            tenant.Client, SkillFiles.Zip(("SKILL.md", SkillFiles.Manifest("greeter", "3.1.4")), ("actions.json", GreetActions), Greeting("from a zip")));

        Assert.True(installed.Status == 200, installed.ToString());
        Assert.Equal(("greeter", "3.1.4", "file"), (installed.Text("name"), installed.Text("version"), installed.Text("source")));
        Assert.Equal("from a zip", (await ResultAsync(tenant.Client, "greeter", "greet")).GetString());
    }

    [Fact]
    public async Task An_installed_skill_is_no_longer_the_folder_that_it_came_from()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "greeter", GreetActions, Greeting("before"));

        await WriteAsync(tenant.Client, "greeter", Greeting("after"));
        var changed = await ResultAsync(tenant.Client, "greeter", "greet");
        SessionCalls.Require(await tenant.Client.DeleteAsync("/api/files?path=/skills&recursive=true", Cancellation), 200);
        var deleted = await ResultAsync(tenant.Client, "greeter", "greet");

        Assert.Equal(("before", "before"), (changed.GetString(), deleted.GetString()));
    }

    [Fact]
    public async Task An_upgrade_keeps_what_was_switched_off_and_the_secrets()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "greeter", ("SKILL.md", SkillFiles.Manifest("greeter", "1.0.0", "GREETER_TOKEN")), ("actions.json", GreetActions), Greeting("one "));
        SessionCalls.Require(await TryInstallFolderAsync(tenant.Client, "greeter"), 200);
        await SetSecretsAsync(tenant.Client, "greeter", new { GREETER_TOKEN = "kept" });
        await EnableAsync(tenant.Client, "greeter", false);
        var before = await SkillAsync(tenant.Client, "greeter");
        await WriteAsync(tenant.Client, "greeter", ("SKILL.md", SkillFiles.Manifest("greeter", "2.0.0", "GREETER_TOKEN")), Greeting("two "));

        var upgraded = SessionCalls.Require(await TryInstallFolderAsync(tenant.Client, "greeter"), 200);

        Assert.Equal(("2.0.0", "installed"), (upgraded.Text("version"), upgraded.Text("status")));
        Assert.False(upgraded.Json.GetProperty("enabled").GetBoolean(), upgraded.Body);
        var after = await SkillAsync(tenant.Client, "greeter");
        Assert.Equal("2.0.0", after.GetProperty("version").GetString());
        Assert.NotEqual(before.GetProperty("revision").GetString(), after.GetProperty("revision").GetString());
        Assert.False(after.GetProperty("enabled").GetBoolean());
        Assert.Equal(["GREETER_TOKEN"], await SetNamesAsync(tenant.Client, "greeter"));
        await EnableAsync(tenant.Client, "greeter", true);
        Assert.Equal("two kept", (await ResultAsync(tenant.Client, "greeter", "greet")).GetString());
    }

    [Fact]
    public async Task The_same_again_changes_nothing()
    {
        using var tenant = await NewTenantAsync();
        var first = await MakeAsync(tenant.Client, "greeter", GreetActions, Greeting("hello"));
        var before = await SkillAsync(tenant.Client, "greeter");

        var again = SessionCalls.Require(await TryInstallFolderAsync(tenant.Client, "greeter"), 200);

        var after = await SkillAsync(tenant.Client, "greeter");
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(before.GetProperty("revision").GetString(), after.GetProperty("revision").GetString());
        Assert.Equal(before.GetProperty("installedAt").GetString(), after.GetProperty("installedAt").GetString());
        Assert.Equal(["github", "greeter", "report-generator"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task The_same_content_has_the_same_revision_and_another_has_another()
    {
        using var one = await NewTenantAsync();
        using var two = await NewTenantAsync();
        using var other = await NewTenantAsync();
        await MakeAsync(one.Client, "greeter", GreetActions, Greeting("hello"));
        await MakeAsync(two.Client, "greeter", GreetActions, Greeting("hello"));
        await MakeAsync(other.Client, "greeter", GreetActions, Greeting("hullo"));

        var revision = (await SkillAsync(one.Client, "greeter")).GetProperty("revision").GetString();

        Assert.Equal(revision, (await SkillAsync(two.Client, "greeter")).GetProperty("revision").GetString());
        Assert.NotEqual(revision, (await SkillAsync(other.Client, "greeter")).GetProperty("revision").GetString());
    }

    [Fact]
    public async Task A_name_that_another_source_has_taken_is_a_conflict()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "github", ("SKILL.md", SkillFiles.Manifest("github", "9.9.9")));
        await MakeAsync(tenant.Client, "summarize", null);

        ErrorAssert.IsConflict(await TryInstallFolderAsync(tenant.Client, "github"));
        ErrorAssert.IsConflict(await TryInstallAsync(tenant.Client, new { source = "builtin", name = "summarize" }));

        Assert.Equal("1.2.0", (await SkillAsync(tenant.Client, "github")).GetProperty("version").GetString());
        Assert.Equal("file", (await SkillAsync(tenant.Client, "summarize")).GetProperty("source").GetString());
        // Once it is uninstalled, the name is free.
        await UninstallAsync(tenant.Client, "github");
        SessionCalls.Require(await TryInstallFolderAsync(tenant.Client, "github"), 200);
        Assert.Equal("9.9.9", (await SkillAsync(tenant.Client, "github")).GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_version_that_cannot_be_installed_leaves_the_one_before()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "greeter", GreetActions, Greeting("hello"));
        await WriteAsync(tenant.Client, "greeter", ("SKILL.md", SkillFiles.Manifest("greeter", "2.0.0")), ("actions.json", "{"));

        ErrorAssert.IsInvalid(await TryInstallFolderAsync(tenant.Client, "greeter"), "path");

        Assert.Equal("1.0.0", (await SkillAsync(tenant.Client, "greeter")).GetProperty("version").GetString());
        Assert.Equal("hello", (await ResultAsync(tenant.Client, "greeter", "greet")).GetString());
    }

    [Fact]
    public async Task A_name_that_is_not_the_folders_is_refused()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "greeter", ("SKILL.md", SkillFiles.Manifest("greeter")));

        ErrorAssert.IsInvalid(await TryInstallAsync(tenant.Client, new { source = "file", name = "other", path = "/skills/greeter" }));
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
        var named = await InstallAsync(tenant.Client, new { source = "file", name = "greeter", path = "/skills/greeter" });

        Assert.Equal("greeter", named.Text("name"));
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_installed()
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsNotFound(await TryInstallAsync(tenant.Client, new { source = "file", path = "/skills/none" }));
        ErrorAssert.IsNotFound(await TryInstallAsync(tenant.Client, new { source = "builtin", name = "no-such-skill" }));

        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task What_is_no_skill_is_refused()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "empty", ("README.md", "Nothing to see."));

        ErrorAssert.IsInvalid(await TryInstallFolderAsync(tenant.Client, "empty"), "path");
        ErrorAssert.IsInvalid(await TryInstallAsync(tenant.Client, new { source = "file", path = "/skills/empty/README.md" }), "path");
    }

    [Theory]
    [InlineData("""{}""", "source")]
    [InlineData("""{"source":null,"name":"github"}""", "source")]
    [InlineData("""{"source":"npm","name":"github"}""", "source")]
    [InlineData("""{"source":5,"name":"github"}""", "source")]
    [InlineData("""{"source":"builtin"}""", "name")]
    [InlineData("""{"source":"builtin","name":""}""", "name")]
    [InlineData("""{"source":"builtin","name":7}""", "name")]
    [InlineData("""{"source":"builtin","name":"Bad Name"}""", "name")]
    [InlineData("""{"source":"builtin","name":"-github"}""", "name")]
    [InlineData("""{"source":"builtin","name":"github\n"}""", "name")]
    [InlineData("""{"source":"builtin","name":"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"}""", "name")]
    [InlineData("""{"source":"clawhub"}""", "name")]
    [InlineData("""{"source":"clawhub","name":"../github"}""", "name")]
    [InlineData("""{"source":"clawhub","name":"a","force":"yes"}""", "force")]
    [InlineData("""{"source":"clawhub","name":"a","version":1}""", "version")]
    [InlineData("""{"source":"file"}""", "path")]
    [InlineData("""{"source":"file","path":7}""", "path")]
    [InlineData("""{"source":"file","path":"skills/a"}""", "path")]
    [InlineData("""{"source":"file","path":"/../../etc"}""", "path")]
    [InlineData("""{"source":"file","path":"/skills/a\u0000"}""", "path")]
    [InlineData("""{"source":"file","path":"/skills/a","name":"../a"}""", "name")]
    public async Task A_body_that_cannot_be_installed_says_what_to_change(string body, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryInstallAsync(tenant.Client, body), field);
    }

    [Fact]
    public async Task An_uninstalled_skill_is_gone_from_every_route()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "greeter", GreetActions, Greeting("hello"));

        var deleted = await TryUninstallAsync(tenant.Client, "greeter");

        Assert.Equal((200, """{"name":"greeter","status":"deleted"}"""), (deleted.Status, deleted.Body));
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "greeter"));
        ErrorAssert.IsNotFound(await TryExecuteAsync(tenant.Client, "greeter", new { action = "greet" }));
        ErrorAssert.IsNotFound(await TryEnableAsync(tenant.Client, "greeter", new { enabled = true }));
        ErrorAssert.IsNotFound(await TrySetSecretsAsync(tenant.Client, "greeter", new { GREETER_TOKEN = "a" }));
        ErrorAssert.IsNotFound(await TryListRunsAsync(tenant.Client, "greeter"));
        ErrorAssert.IsNotFound(await TryUninstallAsync(tenant.Client, "greeter"));
    }

    [Fact]
    public async Task A_skill_that_is_switched_off_is_not_executed_until_it_is_switched_on()
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "greeter", GreetActions, Greeting("hello"));

        var off = await EnableAsync(tenant.Client, "greeter", false);
        ErrorAssert.IsConflict(await TryExecuteAsync(tenant.Client, "greeter", new { action = "greet" }));
        Assert.False((await SkillAsync(tenant.Client, "greeter")).GetProperty("enabled").GetBoolean());
        var on = await EnableAsync(tenant.Client, "greeter", true);

        Assert.Equal(("greeter", false), (off.Text("name"), off.Json.GetProperty("enabled").GetBoolean()));
        Assert.True(on.Json.GetProperty("enabled").GetBoolean(), on.Body);
        Assert.Equal("hello", (await ResultAsync(tenant.Client, "greeter", "greet")).GetString());
    }

    [Theory]
    [InlineData("""{"enabled":"no"}""")]
    [InlineData("""{"enabled":0}""")]
    public async Task Whether_a_skill_is_on_is_true_or_false(string body)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryEnableAsync(tenant.Client, "github", body), "enabled");
        Assert.True((await SkillAsync(tenant.Client, "github")).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task What_a_new_tenant_was_given_does_not_come_back_by_itself()
    {
        using var tenant = await NewTenantAsync();
        foreach (var name in await NamesAsync(tenant.Client)) await UninstallAsync(tenant.Client, name);

        Assert.Empty(await NamesAsync(tenant.Client));
        await MakeAsync(tenant.Client, "greeter", GreetActions, Greeting("hello"));
        Assert.Equal(["greeter"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task A_skill_of_the_servers_can_be_uninstalled_before_it_was_ever_looked_at()
    {
        using var tenant = await NewTenantAsync();

        await UninstallAsync(tenant.Client, "github");

        Assert.Equal(["report-generator"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task A_skill_of_the_servers_can_be_installed_again()
    {
        using var tenant = await NewTenantAsync();
        await UninstallAsync(tenant.Client, "github");

        var installed = await InstallAsync(tenant.Client, new { source = "builtin", name = "github" });

        Assert.Equal(
            ("github", "1.2.0", "installed", "builtin"),
            (installed.Text("name"), installed.Text("version"), installed.Text("status"), installed.Text("source")));
        Assert.True(installed.Json.GetProperty("enabled").GetBoolean(), installed.Body);
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
    }

    [Theory]
    [InlineData("notion", "search")]
    [InlineData("web-search", "search")]
    [InlineData("summarize", "run")]
    public async Task The_server_brings_further_skills(string name, string action)
    {
        using var tenant = await NewTenantAsync();
        Assert.DoesNotContain(name, await NamesAsync(tenant.Client));

        var installed = await InstallAsync(tenant.Client, new { source = "builtin", name });

        Assert.Equal((name, "builtin"), (installed.Text("name"), installed.Text("source")));
        Assert.Contains(
            (await SkillAsync(tenant.Client, name)).GetProperty("actions").EnumerateArray(), each => each.GetProperty("name").GetString() == action);
    }
}
