using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Sessions;

[GenerateSerializer, Immutable, Alias("OpenClaw.SendMessage")]
public sealed record SendMessage
{
    /// <summary>1 to 1,048,576 bytes of UTF-8.</summary>
    [Id(0)] public required string Content { get; init; }

    /// <summary>At most 20.</summary>
    [Id(1)] public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Null takes the session's rule.</summary>
    [Id(2)] public OverlapRule? Overlap { get; init; }

    /// <summary>The sender's scopes: the turn has only the tools that these allow.</summary>
    [Id(3)] public required Scopes Scopes { get; init; }

    [Id(4)] public IdempotencyKey? Idempotency { get; init; }

    /// <summary>
    /// The same at each attempt of one caller to hand this message over, so that it is accepted once; null when the caller
    /// tries once, or has an idempotency key. Remembered for a minute, the last 16 of a session.
    /// </summary>
    [Id(5)] public string? DeliveryId { get; init; }

    /// <summary>The sender's API key; null when it is not known. Tasks that the turn creates are the key's.</summary>
    [Id(6)] public string? KeyId { get; init; }
}
