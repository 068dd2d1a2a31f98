using Orleans.Streams;

namespace OpenClaw.Grains.Streaming;

/// <summary>
/// What a pulling agent holds between its queue and its consumers: for each stream a chain of batches, in which every
/// consumer has its own place. A consumer that lags loses the oldest and sees a gap; it never slows the queue down for
/// others, as back-pressure would.
/// </summary>
/// <remarks>Used by one agent, which is single-threaded.</remarks>
internal sealed class LiveQueueCache(TimeProvider timeProvider) : IQueueCache
{
    /// <summary>Batches of one stream that wait for one consumer at most.</summary>
    internal const int MaxLag = 256;

    private const int MaxAddCount = 1_000;

    /// <summary>How long a batch is kept for a consumer that is just being registered.</summary>
    private static readonly TimeSpan KeptForNewConsumers = TimeSpan.FromSeconds(2);

    private readonly Dictionary<StreamId, Chain> _chains = [];
    private readonly Queue<(long AddedAt, Chain Chain)> _recent = new();

    /// <summary>Streams of which anything is held.</summary>
    internal int StreamCount => _chains.Count;

    public int GetMaxAddCount() => MaxAddCount;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        var now = timeProvider.GetTimestamp();
        foreach (var batch in messages)
        {
            var chain = GetChain(batch.StreamId);
            chain.Add(batch);
            _recent.Enqueue((now, chain));
        }
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        while (_recent.TryPeek(out var oldest) && timeProvider.GetElapsedTime(oldest.AddedAt) > KeptForNewConsumers)
        {
            _recent.Dequeue();
            oldest.Chain.Forget();
            RemoveIfUnused(oldest.Chain);
        }

        purgedItems = [];
        return false;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        new Cursor(this, GetChain(streamId), token);

    private Chain GetChain(StreamId streamId)
    {
        if (!_chains.TryGetValue(streamId, out var chain))
        {
            _chains.Add(streamId, chain = new Chain(streamId));
        }

        return chain;
    }

    private void RemoveIfUnused(Chain chain)
    {
        if (chain.IsUnused)
        {
            _chains.Remove(chain.StreamId);
        }
    }

    /// <summary>A batch and the one after it. Whoever points to a link keeps what follows alive, and nothing before it.</summary>
    private sealed class Link(long number, IBatchContainer? batch)
    {
        public long Number { get; } = number;

        public IBatchContainer? Batch { get; } = batch;

        public Link? Next { get; set; }
    }

    private sealed class Chain
    {
        private readonly List<Cursor> _cursors = [];
        private Link _last = new(0, null);
        private Link _beforeRecent;
        private int _recent;

        public Chain(StreamId streamId)
        {
            StreamId = streamId;
            _beforeRecent = _last;
        }

        public StreamId StreamId { get; }

        public bool IsUnused => _recent == 0 && _cursors.Count == 0;

        public void Add(IBatchContainer batch)
        {
            var link = new Link(_last.Number + 1, batch);
            _last.Next = link;
            _last = link;
            _recent++;
            if (link.Number - _beforeRecent.Number > MaxLag)
            {
                _beforeRecent = _beforeRecent.Next!;
            }

            foreach (var cursor in _cursors)
            {
                if (link.Number - cursor.At.Number > MaxLag)
                {
                    cursor.At = cursor.At.Next!;
                }
            }
        }

        /// <summary>The oldest recent batch is recent no more.</summary>
        public void Forget()
        {
            _recent--;
            if (_last.Number - _beforeRecent.Number > _recent)
            {
                _beforeRecent = _beforeRecent.Next!;
            }
        }

        public Link Join(Cursor cursor, StreamSequenceToken? token)
        {
            _cursors.Add(cursor);
            if (token is null)
            {
                return _last;
            }

            var at = _beforeRecent;
            while (at.Next is { } next && next.Batch!.SequenceToken.Older(token))
            {
                at = next;
            }

            return at;
        }

        public void Leave(Cursor cursor) => _cursors.Remove(cursor);
    }

    private sealed class Cursor : IQueueCacheCursor
    {
        private readonly LiveQueueCache _cache;
        private readonly Chain _chain;
        private bool _disposed;

        public Cursor(LiveQueueCache cache, Chain chain, StreamSequenceToken? token)
        {
            _cache = cache;
            _chain = chain;
            At = chain.Join(this, token);
        }

        public Link At { get; set; }

        public IBatchContainer? GetCurrent(out Exception? exception)
        {
            exception = null;
            return At.Batch;
        }

        public bool MoveNext() => MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success;

        public QueueCacheCursorMoveResult MoveNextWithResult()
        {
            if (At.Next is null)
            {
                return QueueCacheCursorMoveResult.NoData;
            }

            At = At.Next;
            return QueueCacheCursorMoveResult.Success;
        }

        public void Refresh(StreamSequenceToken token)
        {
            // The chain itself leads to what is new.
        }

        public void RecordDeliveryFailure()
        {
            // A batch that could not be delivered is a gap like any other.
        }

        public void Dispose()
        {
            if (!_disposed)
            {
                _disposed = true;
                _chain.Leave(this);
                _cache.RemoveIfUnused(_chain);
            }
        }
    }
}
