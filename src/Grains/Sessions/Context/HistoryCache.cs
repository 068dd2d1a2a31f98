using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>
/// Histories of sessions that were active lately, for the whole process and of bounded size: an idle activation holds
/// none of it. Losing an entry costs the next turn one read.
/// </summary>
internal sealed class HistoryCache(IOptions<SessionOptions> options) : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions
    {
        SizeLimit = options.Value.HistoryCacheMiB * 1024L * 1024,
        CompactionPercentage = 0.2,
    });

    public SessionHistory? Find(SessionKey key) => _cache.TryGetValue(key, out SessionHistory? history) ? history : null;

    public void Store(SessionKey key, SessionHistory history) => _cache.Set(
        key, history, new MemoryCacheEntryOptions { Size = history.Bytes, SlidingExpiration = TimeSpan.FromMinutes(10) });

    public void Remove(SessionKey key) => _cache.Remove(key);

    public void Dispose() => _cache.Dispose();
}
