using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>The tenant's channels.</summary>
internal sealed class TenantSubscription(Channels channels, TenantId tenant, long afterSeq, SocketConnection socket, SocketServices services)
    : SocketSubscription(channels, tenant, socket, services)
{
    public override string? SessionId => null;

    protected override async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var items in Services.Feed.FollowAsync(Tenant, afterSeq, cancellationToken))
        {
            foreach (var item in items)
            {
                if (!Has(item.Event is { } one ? ChannelNames.ChannelOf(one) : Channels.Messages))
                    continue;
                var frame = item.Event is not null ? ServerFrames.Shared(item.Event) : ServerFrames.Shared(item.Delta!);
                if (!await SendAsync(frame, cancellationToken))
                    return;
            }
        }
    }
}
