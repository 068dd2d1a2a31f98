using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Diagnostics;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// All sockets of this process: how many there may be, and the one timer that pings them, ends those that never
/// authenticate or fall silent, and cuts those that do not take their leave. Without sockets it stands still.
/// </summary>
internal sealed class OpenSockets : IDisposable
{
    /// <summary>How often what is due is looked for.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private static readonly UpDownCounter<long> Open =
        OpenClawDiagnostics.Meter.CreateUpDownCounter<long>("socket.open", "{socket}", "WebSockets that are open.");

    private readonly ConcurrentDictionary<SocketConnection, bool> _sockets = new();
    private readonly Dictionary<TenantId, int> _tenants = [];
    private readonly Lock _lock = new();
    private readonly SocketOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenRegistration _onStopping;
    private readonly ITimer _timer;
    private int _count;
    private int _unauthenticated;

    public OpenSockets(IOptions<SocketOptions> options, TimeProvider time, FrontendDrain drain)
    {
        _options = options.Value;
        _time = time;
        _timer = time.CreateIdleTimer(OnTick);

        _stopping = drain.Ending;
        _onStopping = _stopping.Register(StopAll);
    }

    /// <summary>Sockets that are open now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>A place for a socket of which nobody knows whose it is, until it is disposed of; null when there are as many as may be.</summary>
    public IDisposable? TryEnterStranger()
    {
        if (Interlocked.Increment(ref _unauthenticated) <= _options.MaxUnauthenticated)
            return new Stranger(this);
        Interlocked.Decrement(ref _unauthenticated);
        return null;
    }

    public void Add(SocketConnection socket)
    {
        _sockets.TryAdd(socket, true);
        Open.Add(1);
        lock (_lock)
        {
            if (_count++ == 0)
                _timer.Change(Tick, Tick);
        }

        if (_stopping.IsCancellationRequested)
            socket.Stop();
    }

    /// <summary>Counts the socket as one of its tenant's. False when the tenant has as many as it may.</summary>
    public bool TryEnter(TenantId tenant)
    {
        lock (_lock)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_tenants, tenant, out _);
            if (count >= _options.MaxConnectionsPerTenant)
                return false;
            count++;
        }

        return true;
    }

    /// <param name="socket">The socket, which has ended.</param>
    /// <param name="tenant">The tenant that it counted for, or null.</param>
    public void Remove(SocketConnection socket, TenantId? tenant)
    {
        _sockets.TryRemove(socket, out _);
        Open.Add(-1);
        lock (_lock)
        {
            if (--_count == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (tenant is { } known && --CollectionsMarshal.GetValueRefOrNullRef(_tenants, known) == 0)
                _tenants.Remove(known);
        }
    }

    public void Dispose()
    {
        _onStopping.Dispose();
        _timer.Dispose();
    }

    private void OnTick()
    {
        var now = _time.GetTimestamp();
        foreach (var (socket, _) in _sockets)
            socket.Look(now);
    }

    private void StopAll()
    {
        foreach (var (socket, _) in _sockets)
            socket.Stop();
    }

    private sealed class Stranger(OpenSockets sockets) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                Interlocked.Decrement(ref sockets._unauthenticated);
        }
    }
}
