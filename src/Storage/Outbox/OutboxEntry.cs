namespace OpenClaw.Storage.Outbox;

/// <summary>An event for the world, recorded in the transaction of what it tells of.</summary>
/// <param name="EventId">Stays the same over all deliveries.</param>
/// <param name="Type"><c>message.received</c>, ...</param>
/// <param name="Payload">JSON as UTF-8.</param>
public sealed record OutboxEntry(string EventId, string Type, byte[] Payload);
