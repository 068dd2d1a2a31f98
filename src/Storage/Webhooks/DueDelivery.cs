namespace OpenClaw.Storage.Webhooks;

/// <summary>A delivery that waits, without what is sent.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="SessionId">Empty when the event is of no session.</param>
/// <param name="Attempts">How many there have been.</param>
/// <param name="DueAt">When the next one is due.</param>
public sealed record DueDelivery(long Seq, string EventId, string SessionId, int Attempts, DateTimeOffset DueAt);
