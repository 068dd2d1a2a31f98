using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage.Skills;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Skills;

/// <summary>Installed skills through their grains, on a real silo: what is kept, what goes, and when.</summary>
public sealed class SkillCatalogGrainTests : IAsyncLifetime
{
    private const string Name = "counts";

    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SkillFiles Files => _silo.Services.GetRequiredService<SkillFiles>();

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task An_upgrade_keeps_the_files_of_the_revision_before()
    {
        var first = await InstallAsync("1.0.0");
        MakeOld(first);

        var second = await InstallAsync("2.0.0");
        Files.Sweep(TenantId.Default, new HashSet<string> { second.Revision }, TimeProvider.System.GetUtcNow().AddHours(-1).UtcDateTime);

        Assert.NotEqual(first.Revision, second.Revision);
        Assert.True(Directory.Exists(PathOf(first)));
    }

    [Fact]
    public async Task What_was_replaced_an_hour_ago_goes_with_the_next_change()
    {
        var first = await InstallAsync("1.0.0");
        var second = await InstallAsync("2.0.0");
        MakeOld(first);
        MakeOld(second);

        await _silo.Grains.GetSkill(new SkillKey(TenantId.Default, Name)).SetEnabled(false, Cancellation);

        await Eventually.IsSoAsync(() => !Directory.Exists(PathOf(first)));
        Assert.True(Directory.Exists(PathOf(second)));
    }

    [Fact]
    public async Task A_catalog_that_has_not_read_its_list_removes_nothing()
    {
        var installed = await InstallAsync("1.0.0");
        MakeOld(installed);
        await _silo.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Cancellation);

        var catalog = Catalog(TenantId.Default);
        await catalog.Note("another", installed with { Name = "another", Revision = "00" });

        Assert.Contains(await catalog.List(Cancellation), skill => skill.Name == Name);
        Assert.True(Directory.Exists(PathOf(installed)));
    }

    [Fact]
    public async Task Files_that_were_lost_come_back_with_the_same_installation()
    {
        var installed = await InstallAsync("1.0.0");
        Directory.Delete(PathOf(installed), recursive: true);

        var again = await InstallAsync("1.0.0");

        Assert.Equal(installed.Revision, again.Revision);
        Assert.Null(again.Warning);
        Assert.Equal("run", Assert.Single(again.Actions).Name);
        Assert.True(Directory.Exists(PathOf(installed)));
    }

    [Fact]
    public async Task A_skill_of_another_owner_does_not_take_over_the_secrets()
    {
        var installed = await InstallAsync("1.0.0");
        var skill = _silo.Grains.GetSkill(new SkillKey(TenantId.Default, Name));
        var adopted = new AdoptSkill { Source = SkillSource.File, Version = "1.0.0", Revision = installed.Revision, Size = 1, Owner = "alice" };
        Assert.Null((await skill.Adopt(adopted, Cancellation)).Problem);

        var other = await skill.Adopt(adopted with { Owner = "bob" }, Cancellation);

        Assert.Equal((409, "owner"), (other.Problem!.Status, other.Problem.Field));
    }

    [Fact]
    public async Task A_deleted_tenant_leaves_no_skill_and_its_id_begins_anew()
    {
        var tenant = TenantId.Parse("acme");
        var info = new TenantInfo(tenant.Value, "Acme", TimeProvider.System.GetUtcNow());
        await _silo.Grains.GetTenant(new TenantKey(tenant)).Create(info, Cancellation);
        var installed = await InstallAsync("1.0.0", tenant);
        await _silo.Grains.GetSkill(new SkillKey(tenant, Name)).SetSecrets([new SkillSecretValue("KEY", "secret")], mayRun: false, Cancellation);
        await _silo.Grains.GetSkill(new SkillKey(tenant, "github")).Uninstall(Cancellation);

        await _silo.Grains.GetTenant(new TenantKey(tenant)).Delete(Cancellation);
        await Eventually.IsSoAsync(async () => !await _silo.Grains.GetTenant(new TenantKey(tenant)).IsBeingRemoved(Cancellation));

        Assert.False(Directory.Exists(Path.GetDirectoryName(Files.PathOf(tenant, installed.Revision))));
        Assert.Empty(await _silo.Services.GetRequiredService<ISkillStore>().ListAsync(tenant, 10, Cancellation));
        await _silo.Grains.GetTenant(new TenantKey(tenant)).Create(info, Cancellation);
        var anew = await Catalog(tenant).List(Cancellation);
        Assert.Equal(["github", "report-generator"], anew.Select(skill => skill.Name));
    }

    [Fact]
    public async Task To_ask_a_skills_server_for_its_tools_takes_the_right_to_run_it()
    {
        var marker = Path.Combine(_silo.WorkspaceOf(TenantId.Default), "files", "asked");
        const string actions = """{"actions":[{"runner":{"type":"mcp","command":["bash","-c","touch /workspace/asked"]}}]}""";

        var installed = await InstallAsync("1.0.0", TenantId.Default, actions);

        Assert.NotNull(installed.Warning);
        Assert.Empty(installed.Actions);
        Assert.False(File.Exists(marker));
    }

    private ISkillCatalogGrain Catalog(TenantId tenant) => _silo.Grains.GetSkillCatalog(new SkillCatalogKey(tenant));

    private string PathOf(SkillInfo skill) => Files.PathOf(TenantId.Default, skill.Revision);

    private void MakeOld(SkillInfo skill) => Directory.SetLastWriteTimeUtc(PathOf(skill), TimeProvider.System.GetUtcNow().AddHours(-2).UtcDateTime);

    private Task<SkillInfo> InstallAsync(string version) => InstallAsync(version, TenantId.Default);

    private async Task<SkillInfo> InstallAsync(string version, TenantId tenant, string? actions = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_silo.WorkspaceOf(tenant), "files", "Projects", Name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "SKILL.md"), $"---\nname: {Name}\ndescription: Counts.\nversion: {version}\n---\nCount.\n", Cancellation);
        if (actions is not null) await File.WriteAllTextAsync(Path.Combine(folder, "actions.json"), actions, Cancellation);
        var changed = await Catalog(tenant).Install(new InstallSkill { Source = SkillSource.File, Path = $"/Projects/{Name}" }, Cancellation);
        Assert.Null(changed.Problem);
        return changed.Skill!;
    }
}
