using System.Runtime.CompilerServices;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Events;

/// <inheritdoc cref="ITenantFeed"/>
/// <remarks>The lists given out are never empty. A silo that dies costs a pause, see <see cref="LogReads"/>.</remarks>
internal sealed partial class TenantFeed(
    IGrainFactory grains, StreamHub<TenantId, TenantEventBatch> hub, TimeProvider timeProvider, ILogger<TenantFeed> logger) : ITenantFeed
{
    private const int MaxEvents = 256;

    /// <summary>A stream that does not stand by then costs pieces of answers, and no event.</summary>
    private static readonly TimeSpan PreparePatience = TimeSpan.FromSeconds(1);

    public async Task PrepareAsync(TenantId tenant)
    {
        // The hub keeps the stream for a while for who comes back.
        using var reader = hub.Join(tenant);
        await reader.Standing.WaitAsync(PreparePatience, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async IAsyncEnumerable<IReadOnlyList<TenantFeedItem>> FollowAsync(
        TenantId tenant,
        long afterSeq,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var grain = grains.GetTenantEvents(new TenantEventsKey(tenant));
        var merge = new TenantFeedMerge(afterSeq);
        using var reader = hub.Join(tenant);
        var readLog = true;
        while (true)
        {
            while (readLog)
            {
                var page = await ReadAsync(grain, merge.Seq, cancellationToken);
                var items = merge.TakeRead(page);
                if (items.Count > 0)
                    yield return items;
                readLog = items.Count > 0 && merge.Seq < page.HeadSeq;
            }

            // What had come when a read became necessary is older than that read, so it is passed over, spoken pieces included.
            var signal = await reader.NextAsync(cancellationToken);
            readLog = signal.Ring;
            for (var i = 0; i < signal.Items.Count && !readLog; i++)
            {
                readLog = !merge.TryTakeLive(signal.Items[i], out var items);
                if (!readLog && items.Count > 0)
                    yield return items;
            }
        }
    }

    private Task<TenantEventPage> ReadAsync(ITenantEventsGrain grain, long afterSeq, CancellationToken cancellationToken) => LogReads.ReadAsync(
        () => grain.Read(afterSeq, MaxEvents, CancellationToken.None),
        exception => LogReadAgain(logger, grain.GetPrimaryKeyString(), exception),
        timeProvider,
        cancellationToken);

    [LoggerMessage(5221, LogLevel.Debug, "A read of the events {Key} failed; reading again.")]
    private static partial void LogReadAgain(ILogger logger, string key, Exception exception);
}
