using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>What the silo itself asks of a task's grain. Key: <see cref="TaskKey"/>.</summary>
[Alias("OpenClaw.IScheduledTaskRecord")]
internal interface IScheduledTaskRecord : IGrainWithStringKey
{
    /// <summary>Activates the task, so that slots that have passed and runs that were cut are seen to. Answers at once.</summary>
    [Alias("Wake"), Repeatable]
    Task Wake(CancellationToken cancellationToken);

    /// <summary>Pauses the task when its API key is gone.</summary>
    [Alias("CheckKey"), Repeatable]
    Task CheckKey(CancellationToken cancellationToken);
}
