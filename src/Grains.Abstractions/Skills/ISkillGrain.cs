using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>One installed skill of a tenant. Key: <see cref="SkillKey"/>. Its definition is durable when a change completes.</summary>
[Alias("OpenClaw.ISkillGrain")]
public interface ISkillGrain : IGrainWithStringKey
{
    /// <summary>The skill, or null when it is not installed.</summary>
    /// <remarks>Interleaves: it is the last that is durable.</remarks>
    [Alias("Get"), AlwaysInterleave, Repeatable]
    Task<SkillInfo?> Get(CancellationToken cancellationToken);

    /// <summary>The skill, or null when it is not installed; then no list names it any more.</summary>
    [Alias("Confirm"), Repeatable, ResponseTimeout("00:01:30")]
    Task<SkillInfo?> Confirm(CancellationToken cancellationToken);

    /// <summary>Takes a revision, in the place of the one before; enabled when it is the first.</summary>
    [Alias("Adopt"), Repeatable, ResponseTimeout("00:01:30")]
    Task<SkillChanged> Adopt(AdoptSkill request, CancellationToken cancellationToken);

    /// <summary>Lets it be executed, or not. Executions that run go on.</summary>
    [Alias("SetEnabled"), Repeatable, ResponseTimeout("00:01:30")]
    Task<SkillChanged> SetEnabled(bool enabled, CancellationToken cancellationToken);

    /// <summary>Sets and removes secrets; those that are not named stay. Its servers are asked for their tools where the caller may run programs.</summary>
    [Alias("SetSecrets"), Repeatable, ResponseTimeout("00:01:30")]
    Task<SkillChanged> SetSecrets(IReadOnlyList<SkillSecretValue> secrets, bool mayRun, CancellationToken cancellationToken);

    /// <summary>Removes it with its secrets. False when it is not installed.</summary>
    [Alias("Uninstall"), ResponseTimeout("00:01:30")]
    Task<bool> Uninstall(CancellationToken cancellationToken);

    /// <summary>Its executions of the last 30 days, the latest first.</summary>
    [Alias("ListRuns"), AlwaysInterleave, Repeatable]
    Task<SkillRunPage> ListRuns(int limit, string? cursor, CancellationToken cancellationToken);
}
