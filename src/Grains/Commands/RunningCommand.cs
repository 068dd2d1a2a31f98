using OpenClaw.Grains.Abstractions.Commands;

namespace OpenClaw.Grains.Commands;

/// <summary>
/// A command from its start to the death of its last process: reads what it writes, kills it at its time's end, when a limit
/// is passed that nothing else enforces, and when nobody wants it any more. Safe for threads.
/// </summary>
internal sealed class RunningCommand
{
    /// <summary>What the exit code of a command says that ran out of time, as timeout(1) has it.</summary>
    private const int TimedOutCode = 124;

    /// <summary>128 and SIGKILL, as a shell has it.</summary>
    private const int KilledCode = 137;

    /// <summary>128 and SIGXFSZ.</summary>
    private const int FileTooLargeCode = 153;

    private static readonly TimeSpan PumpPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);

    private readonly ISandboxProcess _process;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly OutputLog _log = new();
    private readonly string? _fileLimit;
    private string? _killed;
    private bool _timedOut;

    /// <param name="process">The command, just started.</param>
    /// <param name="timeout">How long it may run.</param>
    /// <param name="findExcess">Looked at four times a second: the limit that the command has passed, or null.</param>
    /// <param name="fileLimit">What it has met when it ends because a file was to become too large, or null for its own mistake.</param>
    /// <param name="time">The clock.</param>
    /// <param name="leavesOutput">Somebody else reads its output.</param>
    public RunningCommand(
        ISandboxProcess process, TimeSpan timeout, Func<ISandboxProcess, string?> findExcess, string? fileLimit, TimeProvider time, bool leavesOutput = false)
    {
        _fileLimit = fileLimit;
        _process = process;
        _time = time;
        _startedAt = time.GetTimestamp();
        // Off the scheduler of the activation that starts it: a busy grain must not hold the command up, nor this the grain.
        var pumps = Task.WhenAll(
            leavesOutput ? Task.CompletedTask : Task.Run(() => _log.PumpAsync(process.Output, isError: false)), Task.Run(() => _log.PumpAsync(process.Errors, isError: true)));
        var ended = new CancellationTokenSource();
        var watch = Task.Run(() => WatchAsync(timeout, findExcess, ended.Token));
        Ended = Task.Run(() => EndAsync(pumps, watch, ended));
    }

    /// <summary>How it ended, once every process is dead and all that was written is read.</summary>
    public Task<CommandExit> Ended { get; }

    /// <summary>What was written behind the first so many pieces, as soon as there is something or it has ended.</summary>
    public async Task<CommandOutput> ReadAsync(int after, TimeSpan patience)
    {
        var changed = _log.Changed;
        if (_log.After(after).Pieces.Length == 0 && !Ended.IsCompleted)
        {
            using var waited = new CancellationTokenSource();
            await Task.WhenAny(changed, Ended, Task.Delay(patience, _time, waited.Token));
            await waited.CancelAsync();
        }

        // In this order: what was written before the end is there when the end is seen.
        var exit = Ended.IsCompleted ? await Ended : null;
        var (pieces, through) = _log.After(after);
        return new CommandOutput { Pieces = pieces, Through = through, Exit = exit };
    }

    /// <summary>Kills every process, for this reason.</summary>
    public void Kill(string reason)
    {
        Interlocked.CompareExchange(ref _killed, reason, null);
        _process.Kill();
    }

    private async Task WatchAsync(TimeSpan timeout, Func<ISandboxProcess, string?> findExcess, CancellationToken ended)
    {
        try
        {
            while (!ended.IsCancellationRequested)
            {
                var left = timeout - _time.GetElapsedTime(_startedAt);
                if (left <= TimeSpan.Zero)
                {
                    _timedOut = true;
                    _process.Kill();
                    return;
                }

                await Task.Delay(left < WatchInterval ? left : WatchInterval, _time, ended);
                if (LookForExcess(findExcess) is { } excess) Kill(excess);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // It has ended by itself.
        }
    }

    /// <summary>A look that fails must not end the watch: it keeps the time as well.</summary>
    private string? LookForExcess(Func<ISandboxProcess, string?> findExcess)
    {
        try
        {
            return findExcess(_process);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private async Task<CommandExit> EndAsync(Task pumps, Task watch, CancellationTokenSource ended)
    {
        var code = await _process.Exited;
        // A command that ended within its time did, however late that was seen.
        var (timedOut, killed) = (_timedOut, _killed ?? (code == FileTooLargeCode ? _fileLimit : null));
        await ended.CancelAsync();
        // A process that got away with the outputs in its hands would hold this up for ever.
        await Task.WhenAny(pumps, Task.Delay(PumpPatience, _time));
        await watch;
        // What is left of it in the system goes in its own time.
        _ = Task.Run(async () => await _process.DisposeAsync());
        ended.Dispose();
        return new CommandExit
        {
            ExitCode = timedOut ? TimedOutCode : killed is not null ? KilledCode : code,
            TimedOut = timedOut,
            Truncated = _log.Truncated,
            DurationMilliseconds = (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds,
            Killed = timedOut ? null : killed,
        };
    }
}
