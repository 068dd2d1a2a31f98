using System.Threading.Channels;

namespace OpenClaw.Storage.Writing;

/// <summary>
/// Writes what has queued up in one transaction, then what has queued up meanwhile in the next: the more there is to
/// write, the more writes share a commit, and a single write waits for nobody.
/// </summary>
internal abstract class GroupWriter(TimeProvider time)
{
    /// <summary>Writes that wait; beyond it, askers wait for room.</summary>
    private const int QueueLimit = 8192;

    /// <summary>Writes that share a commit: bounds how long the first of them waits for the last.</summary>
    private const int BatchLimit = 256;

    private readonly Channel<WriteOperation> _queue = Channel.CreateBounded<WriteOperation>(
        new BoundedChannelOptions(QueueLimit) { SingleReader = true, AllowSynchronousContinuations = true });

    /// <summary>Takes a write in. One that comes after <see cref="Close"/> fails with <see cref="ObjectDisposedException"/>.</summary>
    public void Enqueue(WriteOperation operation)
    {
        if (!_queue.Writer.TryWrite(operation))
            _ = EnqueueLaterAsync(operation);
    }

    /// <summary>Takes nothing more; what has queued up is still written.</summary>
    protected void Close() => _queue.Writer.TryComplete();

    /// <summary>Completes once there is something to write, false when the queue is closed and empty.</summary>
    protected virtual ValueTask<bool> WaitAsync() => _queue.Reader.WaitToReadAsync();

    /// <summary>
    /// Writes all operations in one transaction and records their outcomes in them. An exception means that nothing may
    /// have been written.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The transaction could not begin: nothing was written.</exception>
    protected abstract ValueTask WriteAsync(IReadOnlyList<WriteOperation> batch);

    /// <summary>Whether a write that failed alone may succeed at once when it is tried again.</summary>
    protected abstract bool IsTransient(Exception exception);

    /// <summary>The exception that the asker sees.</summary>
    protected abstract Exception Translate(Exception exception);

    protected async Task RunAsync()
    {
        var batch = new List<WriteOperation>(BatchLimit);
        while (await WaitAsync())
        {
            while (batch.Count < BatchLimit && _queue.Reader.TryRead(out var operation))
            {
                if (!operation.EndIfCancelled())
                    batch.Add(operation);
            }

            if (batch.Count > 0)
                await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async ValueTask CommitAsync(List<WriteOperation> batch)
    {
        try
        {
            await TimedWriteAsync(batch);
        }
        catch (StorageUnavailableException exception)
        {
            Fail(batch, 0, exception);
        }
        catch (Exception exception) when (batch.Count > 1 || IsTransient(exception))
        {
            await CommitSinglyAsync(batch);
        }
        catch (Exception exception)
        {
            Fail(batch, 0, Translate(exception));
        }
    }

    private async ValueTask CommitSinglyAsync(List<WriteOperation> batch)
    {
        var single = new WriteOperation[1];
        for (var index = 0; index < batch.Count; index++)
        {
            single[0] = batch[index];
            try
            {
                await TimedWriteAsync(single);
            }
            catch (StorageUnavailableException exception)
            {
                Fail(batch, index, exception);
                return;
            }
            catch (Exception exception)
            {
                batch[index].Fail(Translate(exception));
            }
        }
    }

    private async ValueTask TimedWriteAsync(IReadOnlyList<WriteOperation> batch)
    {
        var begin = time.GetTimestamp();
        await WriteAsync(batch);
        StorageMetrics.RecordCommit(batch.Count, time.GetElapsedTime(begin));
        for (var index = 0; index < batch.Count; index++)
            batch[index].Complete();
    }

    private static void Fail(List<WriteOperation> batch, int from, Exception exception)
    {
        for (var index = from; index < batch.Count; index++)
            batch[index].Fail(exception);
    }

    private async Task EnqueueLaterAsync(WriteOperation operation)
    {
        try
        {
            // The queue would go on here from the writer's own thread.
            await _queue.Writer.WriteAsync(operation).AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (ChannelClosedException)
        {
            operation.Fail(new ObjectDisposedException(nameof(GroupWriter), "The storage is closed."));
        }
    }
}
