using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>What a run needs of its task.</summary>
internal interface IRunningTask
{
    TaskKey Key { get; }

    /// <summary>As it is now: an attempt is made as the task is when it begins.</summary>
    ScheduledTaskState Definition { get; }

    /// <summary>The slot that comes next, or null.</summary>
    DateTimeOffset? NextSlot { get; }

    /// <summary>Whether the API key that it belongs to still holds; where it does not, the task is paused.</summary>
    Task<bool> CheckKeyAsync();

    /// <summary>Writes how the run goes on. False when the run is another activation's.</summary>
    Task<bool> GoOnAsync(TaskRunState run);

    /// <summary>Writes the run's end. False when the run is another activation's.</summary>
    Task<bool> EndAsync(TaskRunState run);
}
