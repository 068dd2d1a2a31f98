using OpenClaw.Grains.Abstractions.Errors;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>
/// One execution of a skill's action. Key: <see cref="SkillRunKey"/>. It runs in memory and ends with its silo; that it began, and
/// how it ended, is durable.
/// </summary>
[Alias("OpenClaw.ISkillRunGrain")]
public interface ISkillRunGrain : IGrainWithStringKey
{
    /// <summary>Checks and begins the execution; the problem why it did not begin, or null. A grain executes once in its life.</summary>
    [Alias("Start"), ResponseTimeout("00:00:45")]
    Task<Problem?> Start(StartSkillRun run, CancellationToken cancellationToken);

    /// <summary>How it ended, as soon as it has; after half a second at the latest that it still runs. Null when there is no such execution.</summary>
    /// <remarks>Interleaves. What an execution came to can be read for a minute.</remarks>
    [Alias("Read"), AlwaysInterleave, Repeatable]
    Task<SkillRunProgress?> Read(CancellationToken cancellationToken);

    /// <summary>Ends it.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Cancel"), AlwaysInterleave, Repeatable]
    Task Cancel();
}
