using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Storage.Sessions;

/// <summary>A session whose turn runs, without anything that its users have said.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="Model">As chosen.</param>
/// <param name="UpdatedAt">Millisecond precision, UTC.</param>
/// <param name="Mailbox">The running and the waiting turns as the session grain wrote them.</param>
public sealed record ActiveSessionState(SessionKey Key, string Model, DateTimeOffset UpdatedAt, byte[]? Mailbox);
