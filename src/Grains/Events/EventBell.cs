using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Events;

/// <summary>
/// Tells tenants' events that there is something in the outbox, and knows from the answers whether somebody watches. While one call
/// for a tenant is under way, others become one more: a busy tenant's events are numbered in groups.
/// </summary>
internal sealed partial class EventBell(IGrainFactory grains, TimeProvider time, ILogger<EventBell> logger)
{
    /// <summary>How long an answer is believed while somebody asks: whoever begins to watch in the middle of an answer misses no more of it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TenantId, Line> _lines = new();

    /// <summary>Something was written to the tenant's outbox. Returns at once and never throws; a ring that is lost costs some seconds.</summary>
    public void Ring(TenantId tenant)
    {
        var line = _lines.GetOrAdd(tenant, static _ => new Line());
        lock (line)
        {
            line.IsRungAgain = line.IsCalling;
            if (line.IsCalling) return;
            line.IsCalling = true;
        }

        // Nobody's request: neither the caller's scheduler nor its context.
        ThreadPool.UnsafeQueueUserWorkItem(static call => _ = call.Bell.CallAsync(call.Tenant, call.Line), (Bell: this, Tenant: tenant, Line: line), preferLocal: true);
    }

    /// <summary>Whether somebody watches the tenant's events, as of a second ago.</summary>
    public bool IsWatched(TenantId tenant)
    {
        var line = _lines.GetOrAdd(tenant, static _ => new Line());
        if (!line.IsCalling && (line.AskedAt is not { } asked || time.GetElapsedTime(asked) > MaxAge)) Ring(tenant);
        return line.IsWatched;
    }

    private async Task CallAsync(TenantId tenant, Line line)
    {
        while (true)
        {
            try
            {
                line.IsWatched = (await grains.GetTenantEvents(new TenantEventsKey(tenant)).Advance(CancellationToken.None)).IsWatched;
            }
            catch (Exception failure)
            {
                LogLost(failure, tenant.Value);
            }

            lock (line)
            {
                line.AskedAt = time.GetTimestamp();
                line.IsCalling = line.IsRungAgain;
                if (!line.IsCalling) return;
                line.IsRungAgain = false;
            }
        }
    }

    [LoggerMessage(8001, LogLevel.Debug, "The events of the tenant {Tenant} could not be rung for; the next look finds them")]
    private partial void LogLost(Exception exception, string tenant);

    private sealed class Line
    {
        public volatile bool IsCalling;
        public volatile bool IsWatched;

        public bool IsRungAgain { get; set; }

        public long? AskedAt { get; set; }
    }
}
