using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>
/// Finds deletions that have not ended (a crash, a lost database) and has them go on: at a silo's start, and every
/// <see cref="Interval"/>.
/// </summary>
internal sealed partial class TenantRemovalWatch(
    ITenantDeletions deletions, IGrainFactory grains, TimeProvider time, ILogger<TenantRemovalWatch> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Tenants that are being removed at once.</summary>
    private const int MaxTenants = 8;

    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(TenantRemovalWatch),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _loop = Task.Run(RunAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _loop;
        });

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await ContinueAsync();
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The silo stops; another one looks.
            return;
        }
    }

    private async Task ContinueAsync()
    {
        try
        {
            foreach (var tenant in await deletions.ListUnfinishedAsync(MaxTenants, _stopping.Token))
                await grains.GetGrain<ITenantRemovalGrain>(new TenantKey(tenant).ToString()).Continue(_stopping.Token);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            LogFailed(exception, Interval);
        }
    }

    [LoggerMessage(4032, LogLevel.Warning, "Looking for unfinished deletions of tenants failed; it is tried again in {Interval}")]
    private partial void LogFailed(Exception exception, TimeSpan interval);
}
