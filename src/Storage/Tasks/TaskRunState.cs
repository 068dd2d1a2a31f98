using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Storage.Tasks;

/// <summary>The record of a run.</summary>
public sealed record TaskRunState
{
    public required TaskKey Key { get; init; }

    /// <summary>The slot, or when a run beside the slots was asked for. Milliseconds.</summary>
    public required DateTimeOffset Slot { get; init; }

    public bool IsManual { get; init; }

    public required string RunId { get; init; }

    public required TaskRunStatus Status { get; init; }

    /// <summary>1 is the first; 0 before it.</summary>
    public int Attempt { get; init; }

    /// <summary>The activation that drives it.</summary>
    public required Guid Claim { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null while something is still to come of it.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The conversation that it speaks in, or null.</summary>
    public string? SessionId { get; init; }

    /// <summary>Why it failed, or its last attempt did; JSON.</summary>
    public byte[]? Error { get; init; }

    /// <summary>JSON.</summary>
    public byte[]? Result { get; init; }
}
