using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Diagnostics;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Http;

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
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static state => ((OpenSockets)state!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _stopping = drain.Ending;
        _onStopping = _stopping.Register(StopAll);
    }

    /// <summary>Sockets that are open now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True while another socket may wait for its key.</summary>
    public bool HasRoomForStrangers => Volatile.Read(ref _unauthenticated) < _options.MaxUnauthenticated;

    public void Add(SocketConnection socket)
    {
        _sockets.TryAdd(socket, true);
        Interlocked.Increment(ref _unauthenticated);
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

        Interlocked.Decrement(ref _unauthenticated);
        return true;
    }

    /// <param name="socket">The socket, which has ended.</param>
    /// <param name="tenant">The tenant that it counted for, or null.</param>
    public void Remove(SocketConnection socket, TenantId? tenant)
    {
        _sockets.TryRemove(socket, out _);
        Open.Add(-1);
        if (tenant is null)
            Interlocked.Decrement(ref _unauthenticated);
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
}
