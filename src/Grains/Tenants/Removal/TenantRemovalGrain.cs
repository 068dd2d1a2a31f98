using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>
/// Runs a deleted tenant's removal in a one-shot timer, outside any call. Keeps nothing: what is to be done stands in the
/// tenant's state and in the mark of its deletion, and <see cref="TenantRemovalWatch"/> calls again until it is done.
/// </summary>
[GrainType("tenant-removal")]
internal sealed partial class TenantRemovalGrain(
    TenantSweep sweep, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<TenantRemovalGrain> logger) : Grain, ITenantRemovalGrain
{
    /// <summary>
    /// A front-end believes a key for half a second: requests that it let in meanwhile may write behind the first sweep.
    /// So there is another one, and no removal ends before.
    /// </summary>
    internal static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(5);

    private IGrainTimer? _timer;

    private TenantId Tenant => TenantKey.Parse(this.GetPrimaryKeyString()).Tenant;

    public Task Continue(CancellationToken cancellationToken)
    {
        _timer ??= this.RegisterGrainTimer(
            RunAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan? wait = null;
        try
        {
            // The tenant is nobody's any more; what is removed is not removed in its name.
            TenantContext.Clear();
            wait = await RemoveAsync(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Another silo goes on, or this one after its restart.
            return;
        }
        catch (Exception exception)
        {
            LogFailed(exception, Tenant.Value);
        }
        finally
        {
            if (wait is { } due)
            {
                _timer!.Change(due, Timeout.InfiniteTimeSpan);
            }
            else
            {
                _timer!.Dispose();
                _timer = null;
            }
        }
    }

    /// <summary>How long to wait before the next sweep, or null when there is nothing more to do.</summary>
    private async Task<TimeSpan?> RemoveAsync(CancellationToken cancellationToken)
    {
        var record = GrainFactory.GetGrain<ITenantRecord>(this.GetPrimaryKeyString());
        if (await record.FindDeletion(cancellationToken) is not { } deletedAt)
            return null;
        await sweep.RunAsync(Tenant, cancellationToken);
        var left = deletedAt + SettleTime - time.GetUtcNow();
        if (left > TimeSpan.Zero)
            return left;
        await record.EndDeletion(cancellationToken);
        LogRemoved(Tenant.Value);
        return null;
    }

    [LoggerMessage(4030, LogLevel.Information, "All that the deleted tenant {Tenant} had is removed")]
    private partial void LogRemoved(string tenant);

    [LoggerMessage(4031, LogLevel.Warning, "Removing what the deleted tenant {Tenant} has failed; it is tried again")]
    private partial void LogFailed(Exception exception, string tenant);
}
