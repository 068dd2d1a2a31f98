namespace OpenClaw.Storage.Events;

/// <summary>A numbered event of a tenant.</summary>
/// <param name="Seq">The tenant's event number: from 1, rising by one.</param>
/// <param name="SessionId">Empty when it is of no session.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">When it happened.</param>
public sealed record TenantEventState(long Seq, string SessionId, OutboxEntry Event, DateTimeOffset At);
