using Microsoft.Extensions.Hosting;
using Orleans.Placement;

namespace OpenClaw.Grains.Streaming;

/// <summary>Keeps a queue's events until its one reader, the pulling agent, comes for them, and lets the reader wait.</summary>
/// <remarks>Placed where it is first called from, which is the silo of the agent that reads it.</remarks>
[GrainType("stream-queue"), PreferLocalPlacement]
internal sealed class StreamQueueGrain(TimeProvider timeProvider, IHostApplicationLifetime lifetime) : Grain, IStreamQueueGrain
{
    /// <summary>Entries that wait at most. Beyond it the oldest is lost, and its readers see a gap.</summary>
    internal const int Capacity = 16_384;

    /// <summary>Well below the response time-out of grain calls (30 s).</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Queue<QueuedEvents> _queue = new();
    private TaskCompletionSource? _reader;

    public Task Enqueue(QueuedEvents queued)
    {
        if (_queue.Count == Capacity)
        {
            _queue.Dequeue();
        }

        _queue.Enqueue(queued);
        _reader?.TrySetResult();
        return Task.CompletedTask;
    }

    public async Task<QueuedEvents[]> Dequeue(int maxCount, CancellationToken cancellationToken)
    {
        _reader?.TrySetResult();
        _reader = null;
        if (_queue.Count == 0 && !await WaitAsync(cancellationToken))
        {
            return [];
        }

        var taken = new QueuedEvents[Math.Min(maxCount, _queue.Count)];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = _queue.Dequeue();
        }

        return taken;
    }

    /// <summary>True when this reader is still the one to serve.</summary>
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var reader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reader = reader;

        // A stopping silo waits for running calls, so a reader of another silo must not hold it up.
        await using (lifetime.ApplicationStopping.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), reader))
        {
            await reader.Task.WaitAsync(LongestWait, timeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        if (_reader != reader)
        {
            return false;
        }

        _reader = null;
        return !cancellationToken.IsCancellationRequested;
    }
}
