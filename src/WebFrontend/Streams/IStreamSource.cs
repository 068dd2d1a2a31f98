using Orleans.Streams;

namespace OpenClaw.WebFrontend.Streams;

/// <summary>A kind of streams as their hub needs to know it. The log behind a stream is the truth, numbered from 1.</summary>
internal interface IStreamSource<in TKey, TItem>
    where TItem : class
{
    IAsyncStream<TItem> StreamOf(TKey key);

    /// <summary>Renews the lease that makes the stream be published, and answers the log's head; -1 when the log exists no more.</summary>
    Task<long> RenewAsync(TKey key);

    /// <summary>The log's head when the item was published.</summary>
    long HeadOf(TItem item);

    /// <summary>How much of what may wait for a connection the item takes.</summary>
    int WeightOf(TItem item);

    /// <summary>True for the item that tells the end of its log.</summary>
    bool IsEnd(TItem item);
}
