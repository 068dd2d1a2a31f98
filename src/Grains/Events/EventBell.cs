using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Events;

/// <summary>
/// Tells tenants' events that there is something in the outbox, and knows from the answers whether somebody watches. While one call
/// for a tenant is under way, others become one more, and while nobody watches there are ten in a second at most: a busy tenant's events
/// are numbered in groups.
/// </summary>
internal sealed partial class EventBell(IGrainFactory grains, TimeProvider time, ILogger<EventBell> logger)
{
    /// <summary>How long an answer is believed while somebody asks: whoever begins to watch in the middle of an answer misses no more of it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    /// <summary>Between two calls for a tenant that nobody watches.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>One for each tenant that this silo has heard of: what they hold is small, and there are no more than tenants.</summary>
    private readonly ConcurrentDictionary<TenantId, Line> _lines = new();

    /// <summary>Something was written to the tenant's outbox. Returns at once and never fails; a ring that is lost costs some seconds.</summary>
    /// <returns>Completes when what was written by now has its number and is on its way; whether somebody watches.</returns>
    public Task<bool> Ring(TenantId tenant)
    {
        var line = _lines.GetOrAdd(tenant, static _ => new Line());
        Task<bool> answer;
        lock (line)
        {
            line.Next ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            answer = line.Next.Task;
            if (line.IsCalling) return answer;
            line.IsCalling = true;
        }

        // Nobody's request: neither the caller's scheduler nor its context.
        ThreadPool.UnsafeQueueUserWorkItem(static call => _ = call.Bell.CallAsync(call.Tenant, call.Line), (Bell: this, Tenant: tenant, Line: line), preferLocal: true);
        return answer;
    }

    /// <summary>Whether somebody watches the tenant's events, as of a second ago.</summary>
    public bool IsWatched(TenantId tenant)
    {
        var line = _lines.GetOrAdd(tenant, static _ => new Line());
        if (!line.IsCalling && (line.AskedAt is not { } asked || time.GetElapsedTime(asked) > MaxAge)) _ = Ring(tenant);
        return line.IsWatched;
    }

    private async Task CallAsync(TenantId tenant, Line line)
    {
        while (true)
        {
            // By the machine's own clock, whatever the grains' is: its work is what is spared.
            if (!line.IsWatched && line.CalledAt is { } called && TimeProvider.System.GetElapsedTime(called) is var elapsed && elapsed < Pause)
                await Task.Delay(Pause - elapsed, TimeProvider.System);
            TaskCompletionSource<bool> answer;
            lock (line) (answer, line.Next) = (line.Next!, null);
            line.CalledAt = TimeProvider.System.GetTimestamp();
            try
            {
                line.IsWatched = (await grains.GetTenantEvents(new TenantEventsKey(tenant)).Advance(CancellationToken.None)).IsWatched;
            }
            catch (Exception failure)
            {
                LogLost(failure, tenant.Value);
            }

            line.AskedAt = time.GetTimestamp();
            answer.SetResult(line.IsWatched);
            lock (line)
            {
                line.IsCalling = line.Next is not null;
                if (!line.IsCalling) return;
            }
        }
    }

    [LoggerMessage(8001, LogLevel.Debug, "The events of the tenant {Tenant} could not be rung for; the next look finds them")]
    private partial void LogLost(Exception exception, string tenant);

    private sealed class Line
    {
        public volatile bool IsCalling;
        public volatile bool IsWatched;

        /// <summary>Told by the call that has yet to begin; null when nobody waits for one.</summary>
        public TaskCompletionSource<bool>? Next { get; set; }

        public long? AskedAt { get; set; }

        public long? CalledAt { get; set; }
    }
}
