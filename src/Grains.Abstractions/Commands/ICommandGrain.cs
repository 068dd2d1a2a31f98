using OpenClaw.Grains.Abstractions.Errors;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Commands;

/// <summary>
/// One command in its tenant's sandbox. Key: <see cref="CommandKey"/>. In memory alone: a command ends with its silo, and is
/// unknown afterwards.
/// </summary>
[Alias("OpenClaw.ICommandGrain")]
public interface ICommandGrain : IGrainWithStringKey
{
    /// <summary>Starts the command; the problem why it was not started, or null. A grain runs one command in its life.</summary>
    [Alias("Start"), ResponseTimeout("00:00:45")]
    Task<Problem?> Start(StartCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// What the command has written since, as soon as there is something, after half a second at the latest; null when there is
    /// no such command.
    /// </summary>
    /// <remarks>Interleaves. A command that is not in the background is killed when nobody has read it for 15 s.</remarks>
    [Alias("Read"), AlwaysInterleave, Repeatable]
    Task<CommandOutput?> Read(int after, CancellationToken cancellationToken);

    /// <summary>Kills the command with every process it has started. False when there is no such command.</summary>
    /// <remarks>Interleaves. The task completes when they are dead; what was written can still be read.</remarks>
    [Alias("Kill"), AlwaysInterleave, Repeatable, ResponseTimeout("00:00:45")]
    Task<bool> Kill(CancellationToken cancellationToken);

    /// <summary>Drops what is kept of a command that has ended, to make room for another's.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Forget"), AlwaysInterleave, Repeatable]
    Task Forget();
}
