using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Events;

namespace OpenClaw.WebFrontend.Tests.Hosting;

/// <summary>A tenant's events as the test writes them, given to whoever follows.</summary>
internal sealed class FakeTenantFeed : ITenantFeed
{
    private readonly Channel<(TenantId Tenant, long AfterSeq)> _followed = Channel.CreateUnbounded<(TenantId, long)>();
    private readonly List<ChannelWriter<IReadOnlyList<TenantFeedItem>>> _followers = [];

    /// <summary>Items that followers have taken on to the next one.</summary>
    public int Taken { get; private set; }

    /// <summary>Who follows next, and from where.</summary>
    public Task<(TenantId Tenant, long AfterSeq)> FollowedAsync() => _followed.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    public void Publish(params TenantFeedItem[] items)
    {
        lock (_followers)
        {
            foreach (var follower in _followers)
                follower.TryWrite(items);
        }
    }

    public void Fail(Exception exception)
    {
        lock (_followers)
        {
            foreach (var follower in _followers)
                follower.TryComplete(exception);
        }
    }

    public Task PrepareAsync(TenantId tenant) => Task.CompletedTask;

    public async IAsyncEnumerable<IReadOnlyList<TenantFeedItem>> FollowAsync(TenantId tenant, long afterSeq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = Channel.CreateUnbounded<IReadOnlyList<TenantFeedItem>>();
        lock (_followers)
        {
            _followers.Add(items.Writer);
        }

        _followed.Writer.TryWrite((tenant, afterSeq));
        await foreach (var some in items.Reader.ReadAllAsync(cancellationToken))
        {
            yield return some;
            Taken += some.Count;
        }
    }
}

/// <summary>A tenant's log as the test writes it.</summary>
public sealed class FakeTenantEventsGrain : ITenantEventsGrain
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 0, 0, 1, TimeSpan.Zero);

    public List<TenantEvent> Events { get; } = [];

    public long Head { get; set; }

    public long First { get; set; } = 1;

    public static TenantEvent Message(long seq, long sessionSeq = 1, string session = FrontendHost.SessionId, string content = "Hello") =>
        Of(seq, EventTypes.MessageSent, $$"""{"sessionId":"{{session}}","role":"assistant","content":"{{content}}"}""", session, sessionSeq);

    public static TenantEvent Of(long seq, string type, string data = "{}", string? session = null, long? sessionSeq = null) => new()
    {
        Seq = seq,
        EventId = $"evt-{seq}",
        Type = type,
        SessionId = session,
        SessionSeq = sessionSeq,
        At = At,
        Data = new JsonPayload(Encoding.UTF8.GetBytes(data)),
    };

    public Task<TenantWatch> Advance(CancellationToken cancellationToken) => Task.FromResult(new TenantWatch(true));

    public Task<long> Watch(CancellationToken cancellationToken) => Task.FromResult(Head);

    public Task<TenantEventPage> Read(long afterSeq, int limit, CancellationToken cancellationToken) => Task.FromResult(new TenantEventPage
    {
        Events = Events.Where(one => one.Seq > afterSeq).Take(limit).ToArray(),
        HeadSeq = Head,
        FirstSeq = First,
    });

    public Task<TenantEvent?> Find(string sessionId, long sessionSeq, string type, CancellationToken cancellationToken) =>
        Task.FromResult(Events.Find(one => one.SessionId == sessionId && one.SessionSeq == sessionSeq && one.Type == type));
}

/// <summary>Follows the contract of the real one.</summary>
public sealed class FakeTicketGrain(TimeProvider time) : ITicketGrain
{
    private string? _keyHash;
    private DateTimeOffset _expiresAt;

    public Task Issue(string keyHash, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        (_keyHash, _expiresAt) = (keyHash, expiresAt);
        return Task.CompletedTask;
    }

    public Task<string?> Redeem(CancellationToken cancellationToken)
    {
        var keyHash = _expiresAt > time.GetUtcNow() ? _keyHash : null;
        _keyHash = null;
        return Task.FromResult(keyHash);
    }
}

/// <summary>Follows the contract of the real one, in memory.</summary>
public sealed class FakeLoginGrain(TimeProvider time) : ILoginGrain
{
    private string? _keyHash;
    private DateTimeOffset _expiresAt;

    public Task Begin(string keyHash, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        (_keyHash, _expiresAt) = (keyHash, expiresAt);
        return Task.CompletedTask;
    }

    public Task<string?> Find(CancellationToken cancellationToken) => Task.FromResult(_expiresAt > time.GetUtcNow() ? _keyHash : null);

    public Task End(CancellationToken cancellationToken)
    {
        _keyHash = null;
        return Task.CompletedTask;
    }
}
