using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// Turns at the end of the process. From the moment it begins to stop none starts here, and the running ones leave at
/// their next step boundary, for <see cref="SessionOptions.DrainTime"/>; what still runs then is cut where it stands.
/// Each session whose turn leaves moves to another silo at once.
/// </summary>
/// <remarks>
/// All while the silo tells the others that it shuts down, so that they activate nothing more here, and before it deactivates
/// its grains. Needs a directory of sessions that outlives the silo.
/// </remarks>
internal sealed class SessionShutdown : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>For turns that were cut to write what they have, and for the sessions to go on elsewhere.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _silo;
    private readonly IGrainFactory _grains;
    private readonly SessionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionShutdown> _logger;
    private readonly CancellationTokenSource _cut;
    private readonly CancellationTokenRegistration _stopping;
    private readonly Lock _lock = new();
    private readonly List<Task> _handovers = [];
    private TaskCompletionSource? _idle;
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
        lifecycle.Subscribe(nameof(SessionShutdown), ServiceLifecycleStage.BecomeActive, static _ => Task.CompletedTask, DrainAsync);

    /// <summary>A turn begins to run here.</summary>
    public void Enter()
    {
        lock (_lock) _running++;
    }

    /// <summary>It does not run here any more.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_running == 0) _idle?.TrySetResult();
        }
    }

    /// <summary>A silo that a session of this one can move to; null when there is none.</summary>
    public SiloAddress? AnotherSilo()
    {
        var others = _membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status is SiloStatus.Active && !member.SiloAddress.Equals(_silo.SiloAddress))
            .ToArray();
        return others.Length == 0 ? null : others[Random.Shared.Next(others.Length)].SiloAddress;
    }

    /// <summary>The session, which is leaving this silo, has a turn to go on with.</summary>
    public void HandOver(SessionKey key)
    {
        var handover = Task.Run(() => WakeAsync(key));
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
            await WhenIdle().WaitAsync(_options.DrainTime + Grace, _time, cancellationToken);
            Task[] handovers;
            lock (_lock) handovers = [.. _handovers];
            await Task.WhenAll(handovers).WaitAsync(Grace, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _logger.DrainIncomplete(Volatile.Read(ref _running));
        }
    }

    private Task WhenIdle()
    {
        lock (_lock)
        {
            if (_running == 0) return Task.CompletedTask;
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private async Task WakeAsync(SessionKey key)
    {
        try
        {
            await _grains.GetSession(key).Resume(CancellationToken.None).WaitAsync(Grace, _time);
        }
        catch (Exception failure)
        {
            _logger.HandoverFailed(failure, key.ToString());
        }
    }
}
