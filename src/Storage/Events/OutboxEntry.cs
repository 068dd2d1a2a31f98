namespace OpenClaw.Storage.Events;

/// <summary>An event, recorded in the transaction of what it tells of.</summary>
/// <param name="EventId">Stays the same over all deliveries.</param>
/// <param name="Type"><c>message.received</c>, ...</param>
/// <param name="Payload">JSON as UTF-8.</param>
/// <param name="SessionSeq">Where in its session's log it stands; null when it stands in none.</param>
public sealed record OutboxEntry(string EventId, string Type, byte[] Payload, long? SessionSeq = null);

/// <summary>An entry with its place and origin.</summary>
/// <param name="Position">Entries of one session are in the order of their positions.</param>
/// <param name="SessionId">Empty when it is of no session.</param>
/// <param name="Entry">The event.</param>
/// <param name="At">When it happened.</param>
public sealed record OutboxRow(long Position, string SessionId, OutboxEntry Entry, DateTimeOffset At);
