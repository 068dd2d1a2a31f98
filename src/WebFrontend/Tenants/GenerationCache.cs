using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>
/// A bounded map that forgets what was not used lately: two generations, the older one dropped whole when the younger is
/// full. Constant work per call, no clock, no lock on reads.
/// </summary>
/// <param name="capacity">Entries held at most, give or take concurrent writers.</param>
internal sealed class GenerationCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _turnover = new();
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();
    private int _count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_young.TryGetValue(key, out value))
            return true;
        if (!_old.TryRemove(key, out value))
            return false;
        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (!_young.TryAdd(key, value))
        {
            _young[key] = value;
            return;
        }

        if (Interlocked.Increment(ref _count) >= capacity / 2)
            TurnOver();
    }

    public void Remove(TKey key)
    {
        // The count is not taken back: the next generation comes a little early instead.
        _young.TryRemove(key, out _);
        _old.TryRemove(key, out _);
    }

    private void TurnOver()
    {
        lock (_turnover)
        {
            if (Volatile.Read(ref _count) < capacity / 2)
                return;
            _old = _young;
            _young = new ConcurrentDictionary<TKey, TValue>();
            Volatile.Write(ref _count, 0);
        }
    }
}
