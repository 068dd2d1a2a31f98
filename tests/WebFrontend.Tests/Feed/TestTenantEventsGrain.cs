using System.Collections.Concurrent;
using OpenClaw.Grains.Abstractions.Events;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>A tenant's log that a test writes; shared by all silos of the process.</summary>
internal sealed class TestTenantLog
{
    private static readonly ConcurrentDictionary<string, TestTenantLog> Logs = new();

    private readonly List<TenantEvent> _events = [];
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public int Failures { get; set; }

    public static TestTenantLog Of(string key) => Logs.GetOrAdd(key, _ => new TestTenantLog());

    public void Append(params TenantEvent[] events)
    {
        lock (_events)
        {
            _events.AddRange(events);
        }
    }

    public long Head
    {
        get
        {
            lock (_events)
            {
                return _events.Count == 0 ? 0 : _events[^1].Seq;
            }
        }
    }

    public TenantEventPage Read(long afterSeq, int limit)
    {
        Interlocked.Increment(ref _reads);
        if (Failures > 0)
        {
            Failures--;
            throw new TimeoutException("The test wants it so.");
        }

        lock (_events)
        {
            return new TenantEventPage { Events = _events.Where(one => one.Seq > afterSeq).Take(limit).ToArray(), HeadSeq = Head, FirstSeq = 1 };
        }
    }
}

/// <summary>A tenant's events as a test has written them: enough of the contract for their readers.</summary>
[GrainType("test-tenant-events")]
internal sealed class TestTenantEventsGrain : Grain, ITenantEventsGrain
{
    private TestTenantLog Log => TestTenantLog.Of(this.GetPrimaryKeyString());

    public Task<TenantWatch> Advance(CancellationToken cancellationToken) => Task.FromResult(new TenantWatch(true));

    public Task<long> Watch(CancellationToken cancellationToken) => Task.FromResult(Log.Head);

    public Task<TenantEventPage> Read(long afterSeq, int limit, CancellationToken cancellationToken) => Task.FromResult(Log.Read(afterSeq, limit));

    public Task<TenantEvent?> Find(string sessionId, long sessionSeq, string type, CancellationToken cancellationToken) => throw new NotSupportedException();
}
