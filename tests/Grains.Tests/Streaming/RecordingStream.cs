using OpenClaw.Grains.Abstractions.Sessions;
using Orleans.Streams;

namespace OpenClaw.Grains.Tests.Streaming;

/// <summary>A stream's sending end: keeps what was sent, and lets a test decide when and how each send ends.</summary>
internal sealed class RecordingStream : IAsyncStream<FrameBatch>
{
    public List<FrameBatch> Sent { get; } = [];

    /// <summary>Ends of the sends that are held, oldest first.</summary>
    public Queue<TaskCompletionSource> Held { get; } = new();

    public bool Holds { get; set; }

    /// <summary>Raised with every send.</summary>
    public event Action? Sending;

    public bool IsRewindable => false;

    public string ProviderName => SessionStreams.Provider;

    public StreamId StreamId { get; } = StreamId.Create(SessionStreams.Namespace, "t/s/1");

    public Task OnNextAsync(FrameBatch item, StreamSequenceToken? token = null)
    {
        Sent.Add(item);
        Sending?.Invoke();
        if (!Holds)
        {
            return Task.CompletedTask;
        }

        var held = new TaskCompletionSource();
        Held.Enqueue(held);
        return held.Task;
    }

    public int CompareTo(IAsyncStream<FrameBatch>? other) => throw new NotSupportedException();

    public bool Equals(IAsyncStream<FrameBatch>? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => StreamId.GetHashCode();

    public Task<IList<StreamSubscriptionHandle<FrameBatch>>> GetAllSubscriptionHandles() => throw new NotSupportedException();

    public Task OnCompletedAsync() => throw new NotSupportedException();

    public Task OnErrorAsync(Exception ex) => throw new NotSupportedException();

    public Task OnNextBatchAsync(IEnumerable<FrameBatch> batch, StreamSequenceToken? token = null) => throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<FrameBatch>> SubscribeAsync(IAsyncObserver<FrameBatch> observer) => throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<FrameBatch>> SubscribeAsync(IAsyncObserver<FrameBatch> observer, StreamSequenceToken? token, string? filterData = null) =>
        throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<FrameBatch>> SubscribeAsync(IAsyncBatchObserver<FrameBatch> observer) => throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<FrameBatch>> SubscribeAsync(IAsyncBatchObserver<FrameBatch> observer, StreamSequenceToken? token) =>
        throw new NotSupportedException();
}
