using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>What opens one WebSocket in place of a key, which a browser's page cannot send with an upgrade.</summary>
internal static class SocketTicket
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private const string Prefix = "wst_";

    public static string Generate() => string.Concat(Prefix, ApiKeySecret.RandomText());
}

/// <summary>A ticket, which is good for one socket; null in an answer that is told again.</summary>
internal sealed record SocketTicketResource(string? Ticket, DateTimeOffset ExpiresAt);
