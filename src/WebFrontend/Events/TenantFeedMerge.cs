using OpenClaw.Grains.Abstractions.Events;

namespace OpenClaw.WebFrontend.Events;

/// <summary>
/// Puts together what a connection gets from a tenant's log and from its stream: every event once, in the order of its
/// number, and no piece of an answer behind the whole of it.
/// </summary>
/// <param name="afterSeq">The last event that the connection has.</param>
/// <remarks>
/// The log is the truth, so what a read answers is taken as it is, jumps over what is no longer kept included. What the
/// stream brings is taken only when it follows on.
/// </remarks>
internal sealed class TenantFeedMerge(long afterSeq)
{
    /// <summary>Sessions whose last whole message is remembered. A piece that comes later than that of so many others is shown.</summary>
    internal const int MaxRemembered = 64;

    private Dictionary<string, long>? _complete;
    private Queue<string>? _remembered;

    /// <summary>Everything up to this number was given to the connection or passed over.</summary>
    public long Seq { get; private set; } = afterSeq;

    /// <summary>What is new in a read of the log.</summary>
    public List<TenantFeedItem> TakeRead(TenantEventPage page)
    {
        var items = new List<TenantFeedItem>(page.Events.Count);
        foreach (var one in page.Events)
        {
            if (one.Seq > Seq)
                Take(one, items);
        }

        return items;
    }

    /// <summary>What is new in a batch of the stream. False when events are missing before or within it, and nothing was taken.</summary>
    public bool TryTakeLive(TenantEventBatch batch, out List<TenantFeedItem> items)
    {
        items = [];
        var next = Seq + 1;
        foreach (var one in batch.Events)
        {
            if (one.Seq >= next && one.Seq != next++)
                return false;
        }

        var deltas = 0;
        foreach (var one in batch.Events)
        {
            // What was spoken before the event stands before it.
            while (deltas < batch.Deltas.Count && IsBefore(batch.Deltas[deltas], one))
                Take(batch.Deltas[deltas++], items);
            if (one.Seq > Seq)
                Take(one, items);
        }

        while (deltas < batch.Deltas.Count)
            Take(batch.Deltas[deltas++], items);
        return true;
    }

    private static bool IsBefore(TenantDelta delta, TenantEvent one) => delta.SessionId != one.SessionId || delta.SessionSeq < one.SessionSeq;

    private void Take(TenantEvent one, List<TenantFeedItem> items)
    {
        Seq = one.Seq;
        if (one is { Type: EventTypes.MessageSent or EventTypes.ErrorOccurred, SessionId: { } session, SessionSeq: { } sessionSeq })
            Remember(session, sessionSeq);
        items.Add(new TenantFeedItem(one, null));
    }

    private void Take(TenantDelta delta, List<TenantFeedItem> items)
    {
        if (_complete is null || !_complete.TryGetValue(delta.SessionId, out var complete) || delta.SessionSeq > complete)
            items.Add(new TenantFeedItem(null, delta));
    }

    private void Remember(string session, long sessionSeq)
    {
        _complete ??= new Dictionary<string, long>(StringComparer.Ordinal);
        _remembered ??= [];
        if (_complete.TryGetValue(session, out var known))
        {
            _complete[session] = Math.Max(known, sessionSeq);
            return;
        }

        if (_remembered.Count == MaxRemembered)
            _complete.Remove(_remembered.Dequeue());
        _complete.Add(session, sessionSeq);
        _remembered.Enqueue(session);
    }
}
