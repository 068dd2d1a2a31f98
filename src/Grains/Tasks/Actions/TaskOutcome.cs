using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>How an attempt ended.</summary>
/// <param name="Status">Succeeded, failed, timeout or cancelled.</param>
internal sealed record TaskOutcome(TaskRunStatus Status)
{
    /// <summary>JSON; a failure may have one too.</summary>
    public byte[]? Result { get; init; }

    /// <summary>Why it did not succeed.</summary>
    public Problem? Error { get; init; }

    /// <summary>Another attempt might go better.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Nothing is known of its effect: its server has stopped.</summary>
    public bool IsInterrupted { get; init; }

    public static TaskOutcome Cancelled { get; } = new(TaskRunStatus.Cancelled) { Error = Problem.Conflict(TaskReasons.Cancelled) };

    public static TaskOutcome Success(byte[]? result) => new(TaskRunStatus.Succeeded) { Result = result };

    /// <summary>It ran, and failed.</summary>
    public static TaskOutcome Failure(LocalizedText why, byte[]? result = null) =>
        new(TaskRunStatus.Failed) { Error = Problem.Internal(500, why), Result = result, MayRepeat = true };

    /// <summary>It was refused: a caller's mistake stays one however often it is repeated.</summary>
    public static TaskOutcome Refused(Problem problem) =>
        new(TaskRunStatus.Failed) { Error = problem with { RetryAfterSeconds = null }, MayRepeat = problem.Status is >= 500 or 429 };

    public static TaskOutcome TimedOut(int milliseconds, byte[]? result = null) =>
        new(TaskRunStatus.Timeout) { Error = Problem.Internal(504, TaskReasons.TimedOut(milliseconds)), Result = result, MayRepeat = true };

    /// <param name="mayRepeat">What it does may be done twice.</param>
    public static TaskOutcome Interrupted(bool mayRepeat) =>
        new(TaskRunStatus.Failed) { Error = Problem.Internal(500, TaskReasons.Interrupted), MayRepeat = mayRepeat, IsInterrupted = true };
}
