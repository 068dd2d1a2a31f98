using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills;

/// <summary>A deleted tenant's skills: their grains' states with the secrets, the rows that list them, their files.</summary>
internal sealed class TenantSkillFiles(ISkillStore store, SkillFiles files, IGrainFactory grains) : ITenantDataOwner
{
    private const int AtOnce = 32;

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (await store.RemoveSomeRunsAsync(tenant, cancellationToken)) return true;
        var names = await store.ListAsync(tenant, AtOnce, cancellationToken);
        foreach (var name in names)
        {
            var skill = grains.GetSkill(new SkillKey(tenant, name));
            if (!await skill.Uninstall(cancellationToken)) await skill.Confirm(cancellationToken);
        }

        if (names.Count > 0) return true;
        await grains.GetGrain<ISkillCatalogRecord>(new SkillCatalogKey(tenant).ToString()).Forget();
        await Task.Run(() => files.Remove(tenant), cancellationToken);
        return false;
    }
}
