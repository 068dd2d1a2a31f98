using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Streaming;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Events;

/// <inheritdoc cref="ITenantEventsGrain"/>
[GrainType("tenant-events")]
internal sealed partial class TenantEventsGrain : Grain, ITenantEventsGrain
{
    /// <summary>Events that get their numbers in one transaction.</summary>
    private const int Piece = 100;

    private const int MaxRead = 500;

    /// <summary>Events are kept for a day, and longer while they are among the tenant's last.</summary>
    private static readonly TimeSpan KeptTime = TimeSpan.FromHours(24);

    private const int KeptEvents = 10_000;
    private const int PurgePiece = 500;

    private static readonly TimeSpan PurgePeriod = TimeSpan.FromMinutes(10);

    private readonly IEventLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger<TenantEventsGrain> _logger;
    private readonly StreamPublisher<TenantEvent, TenantEventBatch> _publisher;
    private readonly TenantId _tenant;
    private Task _sequencing = Task.CompletedTask;
    private long? _head;
    private long? _purgedAt;
    private bool _again;

    public TenantEventsGrain(IEventLog log, TimeProvider time, ILogger<TenantEventsGrain> logger)
    {
        _log = log;
        _time = time;
        _logger = logger;
        _tenant = TenantEventsKey.Parse(this.GetPrimaryKeyString()).Tenant;
        _publisher = TenantStreams.PublishEvents(this, _tenant, time, logger);
    }

    public async Task<TenantWatch> Advance(CancellationToken cancellationToken)
    {
        await SequenceAsync();
        // Whoever rang goes on when nothing of his can get ahead of it any more.
        await _publisher.Sent;
        return new TenantWatch(_publisher.IsWatched);
    }

    public async Task<long> Watch(CancellationToken cancellationToken)
    {
        _publisher.Renew();
        return _head ??= await _log.FindHeadAsync(_tenant, cancellationToken);
    }

    public async Task<TenantEventPage> Read(long afterSeq, int limit, CancellationToken cancellationToken)
    {
        var head = await _log.FindHeadAsync(_tenant, cancellationToken);
        var events = afterSeq >= head ? [] : await _log.ReadAsync(_tenant, afterSeq, Math.Clamp(limit, 1, MaxRead), cancellationToken);
        // What is read without a gap says by itself where it begins.
        var first = events.Count > 0 && events[0].Seq == afterSeq + 1 ? events[0].Seq : await _log.FindFirstAsync(_tenant, cancellationToken);
        return new TenantEventPage { Events = events.Select(Describe).ToArray(), HeadSeq = head, FirstSeq = first ?? head + 1 };
    }

    public async Task<TenantEvent?> Find(string sessionId, long sessionSeq, string type, CancellationToken cancellationToken)
    {
        var session = new SessionKey(_tenant, sessionId);
        var found = await _log.FindAsync(session, sessionSeq, type, cancellationToken);
        if (found is null)
        {
            await SequenceAsync();
            found = await _log.FindAsync(session, sessionSeq, type, cancellationToken);
        }

        return found is null ? null : Describe(found);
    }

    /// <summary>Completes when everything that was in the outbox at the call has its number.</summary>
    private async Task SequenceAsync()
    {
        // What is under way may have read already, without what this call is about.
        if (_sequencing.IsCompleted) _sequencing = SequenceAllAsync();
        else _again = true;
        await _sequencing;
    }

    private async Task SequenceAllAsync()
    {
        int count;
        do
        {
            _again = false;
            count = await SequenceSomeAsync();
        }
        while (_again || count == Piece);
        PurgeIfDue();
    }

    private async Task<int> SequenceSomeAsync()
    {
        var rows = await _log.ReadOutboxAsync(_tenant, Piece, CancellationToken.None);
        if (rows.Count == 0) return 0;
        var head = _head ?? await _log.FindHeadAsync(_tenant, CancellationToken.None);
        // Whatever becomes of the write, the next one asks for the head anew unless it is known.
        _head = null;
        if (await _log.SequenceAsync(_tenant, head, rows, CancellationToken.None) is not { } done)
        {
            // Another activation was faster, or the tenant is gone.
            _head = await _log.FindHeadAsync(_tenant, CancellationToken.None);
            return _head == head ? 0 : Piece;
        }

        _head = done.Head;
        if (_publisher.IsWatched) _publisher.Publish(rows.Select((row, index) => Describe(new TenantEventState(head + index + 1, row.SessionId, row.Entry, row.At))).ToArray());
        if (done.Deliveries > 0) await RingWebhooksAsync(head);
        return rows.Count;
    }

    private async Task RingWebhooksAsync(long head)
    {
        foreach (var webhook in await _log.ListToldAsync(_tenant, head, CancellationToken.None))
            await GrainFactory.GetGrain<IWebhookDeliveries>(new WebhookKey(_tenant, webhook).ToString()).Deliver();
    }

    private static TenantEvent Describe(TenantEventState state) => new()
    {
        Seq = state.Seq,
        EventId = state.Event.EventId,
        Type = state.Event.Type,
        SessionId = state.SessionId.Length == 0 ? null : state.SessionId,
        SessionSeq = state.Event.SessionSeq,
        At = state.At,
        Data = new JsonPayload(state.Event.Payload),
    };

    /// <summary>In the background: nobody waits for what is gone.</summary>
    private void PurgeIfDue()
    {
        if (_head is not { } head || (_purgedAt is { } purged && _time.GetElapsedTime(purged) < PurgePeriod)) return;
        _purgedAt = _time.GetTimestamp();
        if (head > KeptEvents) _ = PurgeAsync(head - KeptEvents);
    }

    private async Task PurgeAsync(long belowSeq)
    {
        try
        {
            while (await _log.PurgeAsync(_tenant, _time.GetUtcNow() - KeptTime, belowSeq, PurgePiece, CancellationToken.None) == PurgePiece)
            {
                // There may be more.
            }
        }
        catch (Exception failure)
        {
            LogNotPurged(failure, _tenant.Value);
        }
    }

    [LoggerMessage(8003, LogLevel.Warning, "Old events of the tenant {Tenant} could not be removed; it is tried again")]
    private partial void LogNotPurged(Exception exception, string tenant);
}
