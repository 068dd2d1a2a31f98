using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>
/// A tenant's skills together: the way in for what is installed, and the list that conversations read. Key: <see cref="SkillCatalogKey"/>.
/// </summary>
/// <remarks>In memory what the skills' grains have told, read anew every 30 s. A tenant's first call gives it the skills that every tenant has.</remarks>
[Alias("OpenClaw.ISkillCatalogGrain")]
public interface ISkillCatalogGrain : IGrainWithStringKey
{
    /// <summary>All skills by name.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("List"), AlwaysInterleave, Repeatable, ResponseTimeout("00:00:30")]
    Task<SkillInfo[]> List(CancellationToken cancellationToken);

    /// <summary>The skill of that name, or null.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Find"), AlwaysInterleave, Repeatable, ResponseTimeout("00:00:30")]
    Task<SkillInfo?> Find(string name, CancellationToken cancellationToken);

    /// <summary>Fetches, checks and installs a skill. It is durable, and found by every call after it, when the task completes.</summary>
    /// <remarks>Interleaves. Two at once for a tenant; others wait. A repeated call installs the same again.</remarks>
    [Alias("Install"), AlwaysInterleave, Repeatable, ResponseTimeout("00:05:00")]
    Task<SkillChanged> Install(InstallSkill request, CancellationToken cancellationToken);

    /// <summary>A skill's grain tells what has become of it; null: it is gone.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Note"), AlwaysInterleave, Repeatable]
    Task Note(string name, SkillInfo? skill);
}
