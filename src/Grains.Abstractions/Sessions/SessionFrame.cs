namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>A frame with its place in the session: <c>Seq</c> counts the session's frames from 1 and is never reused.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SessionFrame")]
public readonly record struct SessionFrame(
    [property: Id(0)] long Seq,
    [property: Id(1)] string TurnId,
    [property: Id(2)] Frame Frame);
