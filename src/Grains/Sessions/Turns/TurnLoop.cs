using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// Runs a session's turns one after the other in a one-shot grain timer, outside any grain call: calls time out, turns
/// do not. Used from the activation's own scheduler only.
/// </summary>
internal sealed class TurnLoop(SessionServices services, SessionJournal journal, IGrainBase grain)
{
    private readonly Compactor _compactor = new(services, journal);
    private IGrainTimer? _timer;
    private RunningTurn? _running;
    private (string TurnId, TurnProgress Progress)? _prepared;

    /// <summary>The turn that was started by a message just accepted: its progress need not be read from the log.</summary>
    public void Prepare(string turnId, MessageState message, long seq)
    {
        var progress = new TurnProgress();
        progress.AddQuestion(message, seq);
        _prepared = (turnId, progress);
    }

    /// <summary>Starts the loop when a turn is to run and none does.</summary>
    public void Run()
    {
        if (_timer is not null || journal.End is not null || journal.Mailbox.Running is null) return;
        _timer = grain.RegisterGrainTimer(
            static (loop, _) => loop.RunTurnsAsync(),
            this,
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    /// <summary>
    /// A turn that was cut says so before anything else is written: the session's seqs jump here and nowhere else.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var turn = journal.Mailbox.Running!;
        var progress = await TurnProgress.ReadAsync(services.Log, journal.Session.Key, turn, cancellationToken);
        var restartFrom = progress.CheckpointSeq + 1;
        var outcome = await journal.CommitAsync(_ => new JournalCommit
        {
            Mailbox = journal.Mailbox,
            Entries =
            [
                new JournalEntry(
                    SessionEventKind.Recovering, turn.TurnId, EventCodec.Encode(new RecoveringState(restartFrom)),
                    new RecoveringFrame(restartFrom)),
            ],
        });
        if (outcome is not AppendOutcome.Written) return;
        SessionMetrics.Recoveries.Add(1);
        services.Logger.TurnRecovering(turn.TurnId, journal.Session.Key.ToString(), restartFrom);
        _prepared = (turn.TurnId, progress);
        Run();
    }

    /// <summary>Cancels the turn if it is the one that runs.</summary>
    /// <returns>Completes when the turn has ended.</returns>
    public Task CancelAsync(string turnId)
    {
        if (_running is not { } running || running.TurnId != turnId) return Task.CompletedTask;
        running.Cancel();
        return running.Ended;
    }

    /// <summary>Stops whatever runs, without an end of its own.</summary>
    public void Stop() => _running?.Cancel();

    private async Task RunTurnsAsync()
    {
        try
        {
            while (journal.End is null
                && !services.Shutdown.Token.IsCancellationRequested
                && journal.Mailbox.Running is { } turn
                && await RunTurnAsync(turn))
            {
            }
        }
        catch (StorageUnavailableException)
        {
            // The turn is still in the mailbox: the watchdog starts it again.
            services.Logger.StorageLost(journal.Session.Key.ToString());
        }
        finally
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private async Task<bool> RunTurnAsync(TurnState turn)
    {
        var key = journal.Session.Key;
        using var running = new RunningTurn(turn.TurnId);
        _running = running;
        try
        {
            var history = services.Histories.Find(key)
                ?? await SessionHistory.LoadAsync(services.Log, key, services.Options.RecentTurns, running.Token);
            var progress = _prepared is { } prepared && prepared.TurnId == turn.TurnId
                ? prepared.Progress
                : await TurnProgress.ReadAsync(services.Log, key, turn, running.Token);
            _prepared = null;
            // An interruption that was accepted before the turn began to run.
            if (journal.Mailbox.Running!.Ending is not TurnEnding.None) running.Cancel();
            await using var reminder = new TurnReminder(grain, services.Time, services.Logger);
            var runner = new TurnRunner(services, journal, history, progress, ReadMessagesAsync);
            if (await runner.RunAsync(running.Token) is not { } result) return false;
            if (result.History is { } finished) history.Add(finished);
            services.Histories.Store(key, history);
            _compactor.Consider(history);
            await reminder.RemoveAsync();
            return true;
        }
        catch (OperationCanceledException) when (running.Token.IsCancellationRequested)
        {
            // Cancelled while it was being read: it is told to end when it runs.
            return journal.End is null;
        }
        finally
        {
            _running = null;
            running.SetEnded();
        }
    }

    private async Task<IReadOnlyList<MessageState>> ReadMessagesAsync(IReadOnlyList<long> seqs)
    {
        var messages = new List<MessageState>(seqs.Count);
        foreach (var seq in seqs)
        {
            var rows = await services.Log.ReadAsync(journal.Session.Key, seq - 1, 1, CancellationToken.None);
            if (rows is [{ Kind: SessionEventKind.Message } row] && row.SeqFrom == seq) messages.Add(EventCodec.Message(row));
        }

        return messages;
    }
}
