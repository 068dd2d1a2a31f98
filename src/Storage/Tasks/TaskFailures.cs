namespace OpenClaw.Storage.Tasks;

/// <summary>What a run's end makes of its task.</summary>
/// <param name="Count">Runs that failed in a row.</param>
/// <param name="Pauses">The task has no next slot any more.</param>
public readonly record struct TaskFailures(int Count, bool Pauses);
