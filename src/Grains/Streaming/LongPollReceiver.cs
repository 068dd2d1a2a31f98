using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OpenClaw.Grains.Streaming;

/// <summary>Waits in its queue grain for events, so that an idle queue costs one call in ten seconds and a busy one no delay.</summary>
internal sealed partial class LongPollReceiver(IStreamQueueGrain queue, QueueId queueId, TimeProvider timeProvider, ILogger logger) : IQueueAdapterReceiver
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(200);

    private long _sequence;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        try
        {
            var taken = await queue.Dequeue(maxCount, cancellationToken).WaitAsync(cancellationToken);
            var batches = new IBatchContainer[taken.Length];
            for (var i = 0; i < taken.Length; i++)
            {
                batches[i] = new QueuedBatch(taken[i], new EventSequenceTokenV2(++_sequence));
            }

            return batches;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception exception)
        {
            LogQueueFailed(logger, queueId, exception);
            await Task.Delay(PauseAfterFailure, timeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return [];
        }
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;

    [LoggerMessage(5101, LogLevel.Warning, "Reading stream queue {QueueId} failed; trying again.")]
    private static partial void LogQueueFailed(ILogger logger, QueueId queueId, Exception exception);
}
