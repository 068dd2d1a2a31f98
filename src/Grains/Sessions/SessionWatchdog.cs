using Microsoft.Extensions.Hosting;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// Finds sessions whose turn was cut (a crash, a lost database) and wakes them: at start, when a silo has died, and every
/// <see cref="Interval"/>. Waking a session whose turn runs does nothing.
/// </summary>
internal sealed class SessionWatchdog(IGrainFactory grains, IClusterMembershipService membership, SessionServices services) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int MaxSessions = 10_000;
    private const int MaxAtOnce = 32;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(LookPeriodicallyAsync(stoppingToken), LookAfterLossesAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the next one looks again.
            return;
        }
    }

    private async Task LookPeriodicallyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, services.Time);
        do
        {
            await WakeAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task LookAfterLossesAsync(CancellationToken cancellationToken)
    {
        var known = membership.CurrentSnapshot;
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
        {
            var changes = snapshot.CreateUpdate(known).Changes;
            known = snapshot;
            if (changes.Any(static member => member.Status is SiloStatus.Dead)) await WakeAsync(cancellationToken);
        }
    }

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var keys = await services.Log.ListRunningAsync(MaxSessions, cancellationToken);
            await Parallel.ForEachAsync(
                keys,
                new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken },
                async (key, token) => await WakeAsync(key, token));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            services.Logger.WatchdogFailed(failure, Interval.TotalSeconds);
        }
    }

    private async ValueTask WakeAsync(SessionKey key, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetSession(key).Resume(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            services.Logger.ResumeFailed(failure, key.ToString());
        }
    }
}
