using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Commands;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills;

/// <summary>
/// Tenants' enabled skills as this silo knows them, never older than a second when they are asked for. Where they cannot be looked
/// up, those known last are used: a turn goes on without a skill rather than not at all.
/// </summary>
internal sealed partial class TenantSkills(IGrainFactory grains, SkillFiles files, TimeProvider time, ILogger<TenantSkills> logger)
{
    private const int MaxKnown = 10_000;

    /// <summary>Folders that one command sees.</summary>
    private const int MaxMounts = 100;

    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan LookupTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, Known> _known = new();

    /// <summary>Enabled skills by name.</summary>
    public async ValueTask<IReadOnlyList<SkillInfo>> GetAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var known = _known.GetValueOrDefault(tenant);
        if (known is not null && time.GetElapsedTime(known.At) < MaxAge) return known.Skills;
        var asked = time.GetTimestamp();
        try
        {
            var all = await grains.GetSkillCatalog(new SkillCatalogKey(tenant)).List(CancellationToken.None).WaitAsync(LookupTime, time, cancellationToken);
            var enabled = all.Where(skill => skill.Enabled).ToArray();
            if (_known.Count >= MaxKnown) _known.Clear();
            // As old as the question, not the answer. The list stays the same while it says the same: what is made of it is kept with it.
            return (_known[tenant] = new Known(known is not null && AreSame(known.Skills, enabled) ? known.Skills : enabled, asked)).Skills;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogLookupFailed(failure, tenant.Value);
            return known?.Skills ?? Array.Empty<SkillInfo>();
        }
    }

    private static bool AreSame(IReadOnlyList<SkillInfo> left, SkillInfo[] right) =>
        left.Count == right.Length && left.Zip(right).All(pair => (pair.First.Name, pair.First.Revision, pair.First.UpdatedAt) == (pair.Second.Name, pair.Second.Revision, pair.Second.UpdatedAt));

    /// <summary>The folders of the tenant's enabled skills, for a command.</summary>
    public async ValueTask<IReadOnlyList<SandboxMount>> MountsAsync(TenantId tenant, CancellationToken cancellationToken) =>
    [
        .. (await GetAsync(tenant, cancellationToken))
            .Take(MaxMounts)
            .Select(skill => MountOf(skill.Name, files.PathOf(tenant, skill.Revision)))
            .Where(mount => Directory.Exists(mount.Source)),
    ];

    /// <summary>A skill's folder as its programs see it.</summary>
    public static SandboxMount MountOf(string skill, string directory) => new(directory, SandboxMount.Root + skill);

    [LoggerMessage(7004, LogLevel.Warning, "The skills of the tenant {Tenant} could not be looked up; those known last are used")]
    private partial void LogLookupFailed(Exception exception, string tenant);

    private sealed record Known(IReadOnlyList<SkillInfo> Skills, long At);
}
