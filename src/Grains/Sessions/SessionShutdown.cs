using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// Turns at the end of the process. From the moment it begins to stop none starts here, and the running ones leave at
/// their next step boundary, for <see cref="SessionOptions.DrainTime"/>; what still runs then is cut where it stands.
/// Each turn that leaves is woken in another silo once this one takes no new activations.
/// </summary>
internal sealed class SessionShutdown : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>For turns that were cut to write what they have, and for the sessions to wake elsewhere.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _silo;
    private readonly IGrainFactory _grains;
    private readonly SessionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionShutdown> _logger;
    private readonly CancellationTokenSource _cut;
    private readonly CancellationTokenRegistration _stopping;
    private readonly TaskCompletionSource _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Task> _handovers = [];
    private int _running;

    public SessionShutdown(
        IHostApplicationLifetime lifetime,
        IClusterMembershipService membership,
        ILocalSiloDetails silo,
        IGrainFactory grains,
        IOptions<SessionOptions> options,
        TimeProvider time,
        ILogger<SessionShutdown> logger)
    {
        _membership = membership;
        _silo = silo;
        _grains = grains;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Yielding = lifetime.ApplicationStopping;
        _stopping = Yielding.Register(() => _cut.CancelAfter(_options.DrainTime));
    }

    /// <summary>Cancelled when the process begins to stop: what can be left for another process is not begun.</summary>
    public CancellationToken Yielding { get; }

    /// <summary>True when running turns are to leave at their next step boundary.</summary>
    public bool IsYielding => Yielding.IsCancellationRequested;

    /// <summary>Cancelled when the time to leave is over. Grain timers get no such signal, so a turn links this one.</summary>
    public CancellationToken Token => _cut.Token;

    public void Participate(ISiloLifecycle lifecycle) =>
        // The stage in which the silo tells the others that it shuts down; the next one deactivates every grain.
        lifecycle.Subscribe(nameof(SessionShutdown), ServiceLifecycleStage.BecomeActive, static _ => Task.CompletedTask, DrainAsync);

    /// <summary>A turn begins to run here.</summary>
    public void Enter() => Interlocked.Increment(ref _running);

    /// <summary>It does not run here any more.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0 && IsYielding) _idle.TrySetResult();
    }

    /// <summary>The session, which is being deactivated here, has a turn to go on with.</summary>
    public void HandOver(SessionKey key)
    {
        var handover = Task.Run(() => WakeElsewhereAsync(key));
        lock (_lock) _handovers.Add(handover);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _cut.Dispose();
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WaitUntilAnnouncedAsync(cancellationToken);
            _announced.TrySetResult();
            if (Volatile.Read(ref _running) > 0)
                await _idle.Task.WaitAsync(_options.DrainTime + Grace, _time, cancellationToken);
            Task[] handovers;
            lock (_lock) handovers = [.. _handovers];
            await Task.WhenAll(handovers).WaitAsync(Grace, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _logger.DrainIncomplete(Volatile.Read(ref _running));
        }
        finally
        {
            _announced.TrySetResult();
        }
    }

    private async Task WaitUntilAnnouncedAsync(CancellationToken cancellationToken)
    {
        await foreach (var snapshot in _membership.MembershipUpdates.WithCancellation(cancellationToken))
        {
            if (snapshot.GetSiloStatus(_silo.SiloAddress) is not SiloStatus.Active) return;
        }
    }

    private async Task WakeElsewhereAsync(SessionKey key)
    {
        await _announced.Task;
        try
        {
            await _grains.GetSession(key).Resume(CancellationToken.None).WaitAsync(Grace, _time);
        }
        catch (Exception failure)
        {
            // The last silo of a cluster, or a database that is gone: the watchdog of the next silo looks for it.
            _logger.HandoverFailed(failure, key.ToString());
        }
    }
}
