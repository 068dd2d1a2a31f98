namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>
/// One ticket: opens one WebSocket in place of a key, since a browser's page can send none. Key: <see cref="TicketKey"/>.
/// In memory: a ticket is asked for again more easily than it is stored.
/// </summary>
[Alias("OpenClaw.ITicketGrain")]
public interface ITicketGrain : IGrainWithStringKey
{
    /// <summary>Makes the ticket stand for the API key with this hash until it is redeemed or expires. Nothing durable.</summary>
    [Alias("Issue"), Repeatable]
    Task Issue(string keyHash, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>The hash of the API key that the ticket stands for, once; null when there is no such ticket, or no longer.</summary>
    [Alias("Redeem"), ResponseTimeout("00:00:02")]
    Task<string?> Redeem(CancellationToken cancellationToken);
}
