using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>Finds deletions that have not ended, and has them go on.</summary>
internal sealed partial class TenantRemovalWatch(
    ITenantDeletions deletions, IGrainFactory grains, TimeProvider time, ILogger<TenantRemovalWatch> logger) : SiloWatch(Interval, time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Tenants that are being removed at once.</summary>
    private const int MaxTenants = 8;

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await deletions.ListUnfinishedAsync(MaxTenants, cancellationToken))
            await grains.GetGrain<ITenantRemovalGrain>(new TenantKey(tenant).ToString()).Continue(cancellationToken);
    }

    protected override void Report(Exception failure, TimeSpan nextIn) => LogFailed(failure, nextIn);

    [LoggerMessage(4032, LogLevel.Warning, "Looking for unfinished deletions of tenants failed; it is tried again in {Interval}")]
    private partial void LogFailed(Exception exception, TimeSpan interval);
}
