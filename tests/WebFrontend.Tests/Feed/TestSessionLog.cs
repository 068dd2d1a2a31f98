using System.Collections.Concurrent;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>
/// A session's log, which outlives its silo as a database would, and what a test wants to know of the calls that
/// reached the session. Shared by all silos of the process.
/// </summary>
internal sealed class TestSessionLog
{
    private static readonly ConcurrentDictionary<string, TestSessionLog> Logs = new();

    private readonly Lock _lock = new();
    private readonly List<SessionFrame> _frames = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Reached)> _waiters = [];
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;
    private int _watches;
    private int _hangs;
    private int _failures;
    private bool _removed;

    public int Reads => Volatile.Read(ref _reads);

    public bool IsRemoved => Volatile.Read(ref _removed);

    public long Head
    {
        get
        {
            lock (_lock)
            {
                return _frames.Count == 0 ? 0 : _frames[^1].Seq;
            }
        }
    }

    public static TestSessionLog Create(SessionKey key) => Logs.GetOrAdd(key.ToString(), _ => new TestSessionLog());

    public static TestSessionLog? Find(string key) => Logs.TryGetValue(key, out var log) && !log.IsRemoved ? log : null;

    public void Append(IEnumerable<SessionFrame> frames)
    {
        TaskCompletionSource appended;
        lock (_lock)
        {
            _frames.AddRange(frames);
            appended = _appended;
            _appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        appended.SetResult();
    }

    public void Remove() => Volatile.Write(ref _removed, true);

    /// <summary>The next reads do not answer before <see cref="Release"/>.</summary>
    public void HangReads(int count) => Volatile.Write(ref _hangs, count);

    /// <summary>Lets reads that hang end, since a silo that stops waits for them.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>The next reads fail as if their silo had died.</summary>
    public void FailReads(int count) => Volatile.Write(ref _failures, count);

    public Task ReadsReachAsync(int count) => WaitAsync(() => _reads >= count);

    public Task WatchesReachAsync(int count) => WaitAsync(() => _watches >= count);

    public void CountWatch() => Count(ref _watches);

    public async Task<FrameBatch> ReadAsync(FrameCursor cursor)
    {
        Count(ref _reads);
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new SiloUnavailableException("The test wants it so.");
        }

        if (Interlocked.Decrement(ref _hangs) >= 0)
        {
            await _released.Task;
        }

        var appended = Volatile.Read(ref _appended).Task;
        var batch = Read(cursor);
        if (batch.Frames.Count == 0 && batch.Status == FrameBatchStatus.Open && cursor.WaitMilliseconds > 0)
        {
            await appended.WaitAsync(TimeSpan.FromMilliseconds(cursor.WaitMilliseconds))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            batch = Read(cursor);
        }

        return batch;
    }

    private FrameBatch Read(FrameCursor cursor)
    {
        if (IsRemoved)
        {
            return FrameBatch.Gone;
        }

        lock (_lock)
        {
            var after = _frames.Where(frame => frame.Seq > cursor.AfterSeq).ToArray();
            var wanted = after.Where(frame => cursor.TurnId is null || frame.TurnId == cursor.TurnId).Take(cursor.MaxFrames).ToArray();
            var ended = cursor.TurnId is not null
                && _frames.Any(frame => frame.TurnId == cursor.TurnId && frame.Frame is DoneFrame or ErrorFrame)
                && wanted.Length < cursor.MaxFrames;
            return new FrameBatch
            {
                Frames = wanted,
                ThroughSeq = wanted.Length == cursor.MaxFrames ? wanted[^1].Seq : Math.Max(cursor.AfterSeq, Head),
                HeadSeq = Head,
                Status = ended ? FrameBatchStatus.TurnEnded : FrameBatchStatus.Open,
            };
        }
    }

    private void Count(ref int counter)
    {
        lock (_lock)
        {
            counter++;
            foreach (var waiter in _waiters.Where(waiter => waiter.Condition()))
            {
                waiter.Reached.TrySetResult();
            }
        }
    }

    private Task WaitAsync(Func<bool> condition)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((condition, reached));
            if (condition())
            {
                reached.SetResult();
            }

            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
