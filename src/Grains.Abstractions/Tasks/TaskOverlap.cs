namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>What happens at a slot while a run of the task is under way.</summary>
[GenerateSerializer, Alias("OpenClaw.TaskOverlap")]
public enum TaskOverlap
{
    /// <summary>The slot is passed over; a record says so.</summary>
    Skip,

    /// <summary>It waits, 100 of them at most.</summary>
    Queue,

    /// <summary>It runs beside, 10 of them at most; further ones wait.</summary>
    Parallel,
}
