namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>A piece of the session, in order.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FrameBatch")]
public sealed record FrameBatch
{
    public static FrameBatch Gone { get; } = new() { Status = FrameBatchStatus.Gone };

    [Id(0)] public IReadOnlyList<SessionFrame> Frames { get; init; } = [];

    /// <summary>
    /// Every frame up to this seq has been looked at: the cursor of the next read. Above the last frame's seq when
    /// frames of other turns were left out.
    /// </summary>
    [Id(1)] public long ThroughSeq { get; init; }

    /// <summary>The last frame published so far.</summary>
    [Id(2)] public long HeadSeq { get; init; }

    [Id(3)] public FrameBatchStatus Status { get; init; }
}

[GenerateSerializer, Alias("OpenClaw.FrameBatchStatus")]
public enum FrameBatchStatus
{
    /// <summary>There may be more: read again.</summary>
    Open,

    /// <summary>The turn asked for is over and all its frames up to its end were given.</summary>
    TurnEnded,

    /// <summary>The session does not exist or was deleted.</summary>
    Gone,
}
