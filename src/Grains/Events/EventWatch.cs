using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Events;

/// <summary>Finds events in the outbox that nobody rang for: whoever wrote them has died, or the ring was lost.</summary>
internal sealed partial class EventWatch(IEventLog log, EventBell bell, TimeProvider time, ILogger<EventWatch> logger) : SiloWatch(Interval, time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Tenants that are rung for at one look.</summary>
    private const int MaxTenants = 1_000;

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await log.ListWaitingAsync(MaxTenants, cancellationToken)) _ = bell.Ring(tenant);
    }

    protected override void Report(Exception failure, TimeSpan nextIn) => LogFailed(failure, nextIn);

    [LoggerMessage(8002, LogLevel.Warning, "Looking for events that have no number yet failed; it is tried again in {Interval}")]
    private partial void LogFailed(Exception exception, TimeSpan interval);
}
