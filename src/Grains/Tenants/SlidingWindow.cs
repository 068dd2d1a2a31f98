namespace OpenClaw.Grains.Tenants;

/// <summary>
/// An exact sliding window: the times of the requests that it counts, oldest first, in a ring that grows to at most the
/// limit. Not thread-safe.
/// </summary>
/// <param name="length">The window in units of the clock; a request this old counts no more.</param>
/// <param name="firstTicket">Tickets rise from here, so that one of an earlier window names nothing.</param>
internal sealed class SlidingWindow(long length, long firstTicket)
{
    private const int SmallestRing = 16;

    /// <summary>A ring above this is given back once it is empty.</summary>
    private const int LargestIdleRing = 1024;

    private Entry[] _ring = [];
    private int _head;
    private long _nextTicket = firstTicket;

    /// <summary>Requests counted, some of which may have left the window since the last call.</summary>
    public int Count { get; private set; }

    /// <summary>Counts a request and gives its ticket, or null when the window is full.</summary>
    public long? TryAcquire(long now, int limit)
    {
        Forget(now);
        if (Count >= limit)
            return null;
        if (Count == _ring.Length)
            Grow(limit);
        var ticket = _nextTicket++;
        _ring[SlotOf(Count++)] = new Entry(now, ticket);
        return ticket;
    }

    /// <summary>Time until one more request fits; 0 when one does now.</summary>
    public long UntilNext(long now, int limit)
    {
        // A limit that was lowered has to wait for more than the oldest request.
        var last = Count - limit;
        return last < 0 ? 0 : Math.Max(0, _ring[SlotOf(last)].At + length - now);
    }

    /// <summary>Takes a request back. False when it left the window or was never in it.</summary>
    public bool Release(long ticket)
    {
        var index = IndexOf(ticket);
        if (index < 0)
            return false;
        // Mostly the newest is taken back; moving the shorter side keeps any other cheap too.
        if (index < Count / 2)
        {
            for (var i = index; i > 0; i--)
                _ring[SlotOf(i)] = _ring[SlotOf(i - 1)];
            _head = SlotOf(1);
        }
        else
        {
            for (var i = index; i < Count - 1; i++)
                _ring[SlotOf(i)] = _ring[SlotOf(i + 1)];
        }

        Count--;
        return true;
    }

    private void Forget(long now)
    {
        while (Count > 0 && now - _ring[_head].At >= length)
        {
            _head = SlotOf(1);
            Count--;
        }

        if (Count == 0 && _ring.Length > LargestIdleRing)
        {
            _ring = [];
            _head = 0;
        }
    }

    private void Grow(int limit)
    {
        var ring = new Entry[(int)Math.Clamp(Count * 2L, Math.Min(SmallestRing, limit), limit)];
        for (var i = 0; i < Count; i++)
            ring[i] = _ring[SlotOf(i)];
        (_ring, _head) = (ring, 0);
    }

    /// <summary>Tickets rise along the ring.</summary>
    private int IndexOf(long ticket)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _ring[SlotOf(middle)].Ticket;
            if (found == ticket)
                return middle;
            if (found < ticket)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    private int SlotOf(int index)
    {
        var slot = _head + index;
        return slot < _ring.Length ? slot : slot - _ring.Length;
    }

    private readonly record struct Entry(long At, long Ticket);
}
