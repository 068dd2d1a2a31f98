using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Storage.Tasks;

/// <summary>How far a task is with its slots.</summary>
public sealed record TaskRowState
{
    public required TaskKey Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The API key that the task ends with, or null.</summary>
    public string? KeyId { get; init; }

    /// <summary>Goes up with each change.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Slots up to and including this one are handled. Milliseconds.</summary>
    public required DateTimeOffset Through { get; init; }

    /// <summary>The next slot; null while there is none.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Runs that failed in a row.</summary>
    public int Failures { get; init; }
}
