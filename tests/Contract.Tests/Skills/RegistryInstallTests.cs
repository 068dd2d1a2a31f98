using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>Installing from a registry that speaks ClawHub's protocol, and is not trusted.</summary>
[Collection(SkillRegistryCollection.Name)]
public sealed class RegistryInstallTests(Servers servers, SkillRegistryFixture registry) : SkillTest(servers.OnSqlite)
{
    private Task<TestTenant> NewTenantAsync() => TestTenant.CreateAsync(registry.Server, Cancellation);

    /// <summary>It is refused with one of the statuses, and nothing of it is there.</summary>
    private async Task<ApiResponse> IsNotInstalledAsync(string name, params int[] statuses)
    {
        using var tenant = await NewTenantAsync();

        var refused = await TryInstallAsync(tenant.Client, new { source = "clawhub", name });

        IsRefused(refused, statuses);
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, name));
        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
        return refused;
    }

    [Fact]
    public async Task 安装技能()
    {
        using var tenant = await NewTenantAsync();

        var installed = await TryInstallAsync(tenant.Client, """
            {
              "source": "clawhub",
              "name": "notion"
            }
            """);

        Assert.Equal(
            (200, """{"name":"notion","version":"1.0.0","status":"installed","source":"clawhub","enabled":true}"""),
            (installed.Status, installed.Body));
        var skill = await SkillAsync(tenant.Client, "notion");
        Assert.Equal(("1.0.0", "clawhub"), (skill.GetProperty("version").GetString(), skill.GetProperty("source").GetString()));
        Assert.Equal("run", Assert.Single(skill.GetProperty("actions").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(["github", "notion", "report-generator"], await NamesAsync(tenant.Client));
    }

    [Fact]
    public async Task The_latest_version_is_installed_unless_another_is_named()
    {
        using var tenant = await NewTenantAsync();

        var installed = await InstallAsync(tenant.Client, new { source = "clawhub", name = "counter" });

        Assert.Equal("1.10.0", installed.Text("version"));
        Assert.Equal("1.10.0 ", (await ResultAsync(tenant.Client, "counter", "tell")).GetString());
    }

    [Fact]
    public async Task An_older_version_is_installed_and_upgraded_later()
    {
        using var tenant = await NewTenantAsync();

        var older = await InstallAsync(tenant.Client, new { source = "clawhub", name = "counter", version = "1.0.0" });
        await SetSecretsAsync(tenant.Client, "counter", new { COUNTER_TOKEN = "kept" });
        var before = await ResultAsync(tenant.Client, "counter", "tell");
        await EnableAsync(tenant.Client, "counter", false);
        var newer = await InstallAsync(tenant.Client, new { source = "clawhub", name = "counter", version = "1.1.0" });
        var newest = await InstallAsync(tenant.Client, new { source = "clawhub", name = "counter" });

        Assert.Equal(("1.0.0", "1.1.0", "1.10.0"), (older.Text("version"), newer.Text("version"), newest.Text("version")));
        Assert.Equal("1.0.0 kept", before.GetString());
        Assert.False(newest.Json.GetProperty("enabled").GetBoolean(), newest.Body);
        await EnableAsync(tenant.Client, "counter", true);
        Assert.Equal("1.10.0 kept", (await ResultAsync(tenant.Client, "counter", "tell")).GetString());
        Assert.Equal("1.10.0", (await SkillAsync(tenant.Client, "counter")).GetProperty("version").GetString());
    }

    [Fact]
    public async Task An_archive_that_is_not_what_was_published_is_refused()
    {
        await IsNotInstalledAsync("tampered", 400, 403, 409, 502);

        Assert.Contains("tampered", registry.Downloads);
    }

    [Fact]
    public async Task Malware_is_refused_whatever_is_forced()
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsForbidden(await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "bad" }));
        ErrorAssert.IsForbidden(await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "bad", force = true }));

        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "bad"));
    }

    [Fact]
    public async Task What_is_suspicious_is_installed_when_it_is_forced()
    {
        using var tenant = await NewTenantAsync();

        var refused = await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "shady" });
        ErrorAssert.IsConflict(refused);
        Assert.Contains("force", refused.Body, StringComparison.Ordinal);
        ErrorAssert.IsConflict(await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "shady", force = false }));
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "shady"));
        var forced = await InstallAsync(tenant.Client, new { source = "clawhub", name = "shady", force = true });

        Assert.Equal(("shady", "installed"), (forced.Text("name"), forced.Text("status")));
    }

    [Fact]
    public async Task What_the_registry_does_not_have_is_not_found()
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsNotFound(await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "no-such-skill" }));
        ErrorAssert.IsNotFound(await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "counter", version = "9.9.9" }));

        Assert.Equal(["github", "report-generator"], await NamesAsync(tenant.Client));
    }

    [Theory]
    [InlineData("down")]
    [InlineData("cut")]
    [InlineData("garbled")]
    public async Task A_registry_that_does_not_answer_in_its_protocol_is_a_failure_of_another(string name) => await IsNotInstalledAsync(name, 502, 503, 504);

    [Fact]
    public async Task An_archive_that_is_none_is_refused() => await IsNotInstalledAsync("no-zip", 400, 502);

    [Fact]
    public async Task A_registry_that_stumbles_is_asked_again()
    {
        using var tenant = await NewTenantAsync();

        Assert.Equal("stumbles", (await InstallAsync(tenant.Client, new { source = "clawhub", name = "stumbles" })).Text("name"));
    }

    [Fact]
    public async Task A_skill_of_more_than_256_files_is_refused() => await IsNotInstalledAsync("crowd", 400, 413, 502);

    [Fact]
    public async Task A_skill_that_says_another_name_than_its_own_is_refused() => await IsNotInstalledAsync("misnamed", 400, 409, 502);

    [Fact]
    public async Task What_is_wrong_in_a_published_skill_is_named_with_its_file() =>
        Assert.Contains("SKILL.md", (await IsNotInstalledAsync("undescribed", 400, 502)).Body, StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_another_source_has_taken_is_a_conflict()
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsConflict(await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "github" }));
        Assert.Equal("builtin", (await SkillAsync(tenant.Client, "github")).GetProperty("source").GetString());

        await InstallAsync(tenant.Client, new { source = "clawhub", name = "notion" });
        ErrorAssert.IsConflict(await TryInstallAsync(tenant.Client, new { source = "builtin", name = "notion" }));
        Assert.Equal("clawhub", (await SkillAsync(tenant.Client, "notion")).GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_failed_upgrade_leaves_the_version_before()
    {
        using var tenant = await NewTenantAsync();
        await InstallAsync(tenant.Client, new { source = "clawhub", name = "counter", version = "1.0.0" });

        ErrorAssert.IsNotFound(await TryInstallAsync(tenant.Client, new { source = "clawhub", name = "counter", version = "9.9.9" }));

        Assert.Equal("1.0.0 ", (await ResultAsync(tenant.Client, "counter", "tell")).GetString());
    }
}
