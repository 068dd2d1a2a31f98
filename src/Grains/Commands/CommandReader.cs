namespace OpenClaw.Grains.Commands;

/// <summary>Whether somebody still waits for a command. Safe for threads.</summary>
internal sealed class CommandReader(TimeProvider time, bool background)
{
    /// <summary>A caller reads twice a second; one that has not for so long is gone, or its process is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private long _readAt = time.GetTimestamp();
    private readonly TaskCompletionSource _seenEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reading;

    public bool IsGone => !background && Volatile.Read(ref _reading) == 0 && time.GetElapsedTime(Interlocked.Read(ref _readAt)) > Patience;

    /// <summary>Completes when somebody was told how it ended.</summary>
    public Task SeenEnd => _seenEnd.Task;

    /// <summary>The command begins to run now: its start is nobody's silence.</summary>
    public void Start() => Interlocked.Exchange(ref _readAt, Now());

    public void SeesEnd() => _seenEnd.TrySetResult();

    /// <summary>Somebody reads until the result is disposed.</summary>
    public Reading Begin()
    {
        Interlocked.Increment(ref _reading);
        return new Reading(this);
    }

    public readonly struct Reading(CommandReader reader) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Exchange(ref reader._readAt, reader.Now());
            Interlocked.Decrement(ref reader._reading);
        }
    }

    private long Now() => time.GetTimestamp();
}
