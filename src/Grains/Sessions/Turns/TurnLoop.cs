using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// Runs a session's turns one after the other in a one-shot grain timer, outside any grain call: calls time out, turns
/// do not. Used from the activation's own scheduler only. A turn that is to run while the process stops is handed over.
/// </summary>
internal sealed class TurnLoop(SessionServices services, SessionJournal journal, IGrainBase grain, Action handOver)
{
    private readonly Compactor _compactor = new(services, journal);
    private IGrainTimer? _timer;

    public ApprovalReminder ApprovalReminder { get; } = new(services, journal, grain);

    private RunningTurn? _running;
    private RunningTurn? _awaited;
    private (string TurnId, TurnProgress Progress)? _prepared;

    /// <summary>The turn that was started by a message just accepted: its progress need not be read from the log.</summary>
    public void Prepare(string turnId, MessageState message, long seq)
    {
        var progress = new TurnProgress();
        progress.AddQuestion(message, seq);
        _prepared = (turnId, progress);
    }

    /// <summary>A turn is to run. One that waits for an approval is not: it takes neither a slot nor a timer.</summary>
    private bool HasWork => ApprovalRules.HasWork(journal.Mailbox);

    /// <summary>Starts the loop when a turn is to run and none does.</summary>
    public void Run()
    {
        if (_timer is not null || journal.End is not null || !HasWork) return;
        if (services.Shutdown.IsYielding)
        {
            handOver();
            return;
        }

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
        var usage = await CountCutCallAsync(turn, progress, cancellationToken);
        var outcome = await journal.CommitAsync(_ => new JournalCommit
        {
            Mailbox = journal.Mailbox with
            {
                Running = turn with
                {
                    Used = new UsageState(progress.Usage.InputTokens, progress.Usage.OutputTokens, progress.Usage.Estimated),
                },
            },
            Usage = usage,
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
        // Its reservation, if the tenant has a budget, outlived the silo that made it.
        _ = services.Budgets.SettleAsync(
            journal.Session.Key.Tenant,
            TurnAdmission.CallOf(journal.Session.Key.SessionId, turn.TurnId),
            usage is null ? default : TurnAdmission.AmountOf(usage));
        Run();
    }

    /// <summary>
    /// The model call that was under way counts with what it had reserved: its provider's count is lost. A turn that waited, or
    /// ran a tool, had none.
    /// </summary>
    private async ValueTask<UsageDelta?> CountCutCallAsync(TurnState turn, TurnProgress progress, CancellationToken cancellationToken)
    {
        var route = services.Models.Route(turn.Model ?? journal.Session.Model);
        if (!turn.Waits && progress.OpenStep is null && route.Problem is null)
        {
            var history = await LoadHistoryAsync(cancellationToken);
            if (await TurnPrompt.BuildAsync(services, journal.Session, turn.Scopes, await services.ToolsOfAsync(journal.Session.Key, cancellationToken), history, progress, route, cancellationToken) is { } messages)
            {
                services.Histories.Store(journal.Session.Key, history);
                var cut = services.ReservationFor(messages);
                progress.AddUsage(cut, services.Prices.CostOf(route.ServedBy, cut));
            }
        }

        return progress.Unwritten.Take(services.Time.GetUtcNow(), route.ServedBy);
    }

    private async ValueTask<SessionHistory> LoadHistoryAsync(CancellationToken cancellationToken) =>
        services.Histories.Find(journal.Session.Key)
        ?? await SessionHistory.LoadAsync(services.Log, journal.Session.Key, services.Options.RecentTurns, cancellationToken);

    /// <summary>Cancels the turn if it runs, or is the one to run next and has been told, durably, how to end.</summary>
    /// <returns>Completes when the turn has ended, or is left to another activation.</returns>
    public async Task CancelAsync(string turnId)
    {
        await CancelOnceAsync(turnId);
        // It had just begun to wait for an approval, and ends in a run of its own.
        if (journal.End is null && journal.Mailbox.Running?.TurnId == turnId) await CancelOnceAsync(turnId);
    }

    private Task CancelOnceAsync(string turnId)
    {
        if (_running is { } running && running.TurnId == turnId)
        {
            running.Cancel();
            return running.Ended;
        }

        if (journal.Mailbox.Running?.TurnId != turnId) return Task.CompletedTask;
        Run();
        return _timer is null ? Task.CompletedTask : (_awaited ??= new RunningTurn(turnId)).Ended;
    }

    /// <summary>Stops whatever runs, without an end of its own.</summary>
    public void Stop() => _running?.Cancel();

    private async Task RunTurnsAsync()
    {
        services.Shutdown.Enter();
        try
        {
            while (journal.End is null
                && !services.Shutdown.IsYielding
                && HasWork
                && await RunTurnAsync(journal.Mailbox.Running!))
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
            _awaited?.SetEnded();
            _awaited = null;
            // Before the turn stops counting, so that the drain waits for the hand-over as well.
            if (services.Shutdown.IsYielding) Run();
            services.Shutdown.Leave();
        }
    }

    private async Task<bool> RunTurnAsync(TurnState turn)
    {
        var key = journal.Session.Key;
        using var running = _awaited ?? new RunningTurn(turn.TurnId);
        _awaited = null;
        _running = running;
        try
        {
            // Not to be cut short by a cancel, whose answer waits until the turn has been ended.
            var history = await LoadHistoryAsync(CancellationToken.None);
            var progress = _prepared is { } prepared && prepared.TurnId == turn.TurnId
                ? prepared.Progress
                : await TurnProgress.ReadAsync(services.Log, key, turn, CancellationToken.None);
            _prepared = null;
            // An interruption that was accepted before the turn began to run.
            if (journal.Mailbox.Running!.Ending is not TurnEnding.None) running.Cancel();
            await using var reminder = new TurnReminder(grain, services.Time, services.Logger);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(running.Token, services.Shutdown.Token);
            await using var clock = new TurnClock(
                services.Time, services.Options.MaxTurnTime, TimeSpan.FromMilliseconds(turn.SpentMilliseconds), limit);
            using var admission = new TurnAdmission(services, journal, clock);
            var runner = new TurnRunner(services, journal, history, progress, clock, admission, ApprovalReminder, ReadMessagesAsync);
            if (await runner.RunAsync(limit.Token) is not { } result)
            {
                if (!runner.Waited) return false;
                // What it waits for has a reminder of its own. Answered or told to end meanwhile, it goes on at once.
                await reminder.RemoveAsync();
                return true;
            }

            if (result.History is { } finished) history.Add(finished);
            services.Histories.Store(key, history);
            _compactor.Consider(history);
            await reminder.RemoveAsync();
            return true;
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
