using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>
/// Looks again and again whether what opened a stream or socket still opens it: they may stay open for days, and a key that
/// is revoked, has expired or lost its tenant shows nothing more after a second. One look serves all that one credential
/// opened, one timer all credentials; without any it stands still.
/// </summary>
internal sealed class Admissions : IDisposable
{
    private readonly Callers _callers;
    private readonly TimeSpan _period;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<Credential, Watch> _watches = [];

    public Admissions(Callers callers, TimeProvider time, IOptions<FrontendOptions> options)
    {
        _callers = callers;
        // What the authenticator believes is as old as this at most.
        _period = options.Value.KeyRevalidation + TimeSpan.FromMilliseconds(1);
        _timer = time.CreateIdleTimer(OnTimer);
    }

    /// <summary>Begins to watch a credential that was just found to be good.</summary>
    public Admission Admit(Credential credential)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(credential, out var watch))
            {
                _watches.Add(credential, watch = new Watch(credential));
                if (_watches.Count == 1)
                    _timer.Change(_period, _period);
            }

            watch.Opened++;
            return new Admission(() => Leave(watch), watch.Lost.Token);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Leave(Watch watch)
    {
        lock (_lock)
        {
            if (--watch.Opened == 0)
                Forget(watch);
        }
    }

    private void Forget(Watch watch)
    {
        if (_watches.TryGetValue(watch.Credential, out var current) && current == watch)
            _watches.Remove(watch.Credential);
        if (_watches.Count == 0)
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        Watch[] watches;
        lock (_lock)
        {
            watches = [.. _watches.Values];
        }

        foreach (var watch in watches)
        {
            if (!watch.IsLooking)
                _ = LookAsync(watch);
        }
    }

    private async Task LookAsync(Watch watch)
    {
        watch.IsLooking = true;
        try
        {
            if (await _callers.FindAsync(watch.Credential) is not null)
                return;
        }
        catch (Exception)
        {
            // A credential that cannot be looked up is neither let in nor turned away; the next look tells more.
            return;
        }
        finally
        {
            watch.IsLooking = false;
        }

        lock (_lock)
        {
            Forget(watch);
        }

        await watch.Lost.CancelAsync();
    }

    /// <summary>What one credential opened.</summary>
    private sealed class Watch(Credential credential)
    {
        private volatile bool _isLooking;

        public Credential Credential => credential;

        public CancellationTokenSource Lost { get; } = new();

        public int Opened { get; set; }

        public bool IsLooking
        {
            get => _isLooking;
            set => _isLooking = value;
        }
    }
}

/// <summary>One stream's or socket's share in the watch over what opened it.</summary>
internal sealed class Admission(Action leave, CancellationToken lost) : IDisposable
{
    /// <summary>Cancelled when the credential has stopped working.</summary>
    public CancellationToken Lost => lost;

    public void Dispose() => leave();
}
