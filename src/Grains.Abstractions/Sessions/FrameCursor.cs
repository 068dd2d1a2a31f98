namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>Where a reader stands and how long it is willing to wait.</summary>
/// <param name="AfterSeq">Frames above this seq are wanted; 0 reads from the beginning.</param>
/// <param name="TurnId">Only this turn's frames, or null for all.</param>
/// <param name="WaitMilliseconds">How long to wait for a first frame, 0 to 1,000; then the answer is empty (a heartbeat).</param>
/// <param name="MaxFrames">At most this many frames are answered, 1 to 1,000.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.FrameCursor")]
public readonly record struct FrameCursor(
    [property: Id(0)] long AfterSeq,
    [property: Id(1)] string? TurnId,
    [property: Id(2)] int WaitMilliseconds,
    [property: Id(3)] int MaxFrames);
