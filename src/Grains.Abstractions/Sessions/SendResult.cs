using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>Either the accepted message or why it was refused.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SendResult")]
public sealed record SendResult
{
    [Id(0)] public Problem? Problem { get; init; }

    /// <summary>The turn that answers the message. Empty when refused.</summary>
    [Id(1)] public string TurnId { get; init; } = "";

    /// <summary>The user's message.</summary>
    [Id(2)] public string MessageId { get; init; } = "";

    /// <summary>The message's seq: reading the turn after it gives the turn's frames that follow the message.</summary>
    [Id(3)] public long Seq { get; init; }

    /// <summary>True when the message had been accepted before under the same idempotency key.</summary>
    [Id(4)] public bool Replayed { get; init; }

    /// <summary>The turn waits for somebody's approval already, which its frames after the message do not tell.</summary>
    [Id(5)] public bool TurnWaits { get; init; }

    public static SendResult Refused(Problem problem) => new() { Problem = problem };
}
