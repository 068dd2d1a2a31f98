using System.Diagnostics;
using OpenClaw.Grains.Abstractions.Diagnostics;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// One turn from its messages to its end: model step, tools, next step. Every side effect has a checkpoint before it and
/// one after it; a turn that is cut goes on from the last one.
/// </summary>
internal sealed class TurnRunner
{
    private readonly SessionServices _services;
    private readonly SessionJournal _journal;
    private readonly SessionHistory _history;
    private readonly TurnProgress _progress;
    private readonly string _turnId;
    private readonly string _model;
    private readonly Func<IReadOnlyList<long>, Task<IReadOnlyList<MessageState>>> _readMessages;
    private readonly FrameEmitter _emitter;
    private readonly long _startedAt;
    private readonly TurnClock _clock;
    private readonly TurnAdmission _admission;
    private readonly ApprovalReminder _approvalReminder;
    private string _servedBy;

    /// <summary>Taken when the turn enters: it goes on with those, whatever is installed meanwhile.</summary>
    private TurnTools? _tools;

    public TurnRunner(
        SessionServices services,
        SessionJournal journal,
        SessionHistory history,
        TurnProgress progress,
        TurnClock clock,
        TurnAdmission admission,
        ApprovalReminder approvalReminder,
        Func<IReadOnlyList<long>, Task<IReadOnlyList<MessageState>>> readMessages)
    {
        _services = services;
        _journal = journal;
        _history = history;
        _progress = progress;
        _clock = clock;
        _admission = admission;
        _approvalReminder = approvalReminder;
        _readMessages = readMessages;
        var turn = journal.Mailbox.Running!;
        _turnId = turn.TurnId;
        _model = turn.Model ?? journal.Session.Model;
        _servedBy = _model;
        _startedAt = services.Time.GetTimestamp();
        _emitter = new FrameEmitter(journal, _turnId, services.Time);
    }

    /// <summary>The turn was left because somebody was asked for an approval.</summary>
    public bool Waited { get; private set; }

    private TurnState Turn => _journal.Mailbox.Running!;

    /// <summary>
    /// Runs the turn to its end. Returns null when it was not ended here: it waits for an approval, the process stops, the session
    /// was deleted, or another activation has taken over.
    /// </summary>
    /// <param name="cancellation">
    /// Cancelled by cancel, interrupt, rollback, deletion, when the journal ends, when the process stops, and by the clock.
    /// </param>
    public async Task<TurnResult?> RunAsync(CancellationToken cancellation)
    {
        using var activity = OpenClawDiagnostics.Activities.StartActivity("turn", ActivityKind.Internal, Turn.Trace);
        SessionMetrics.RunningTurns.Add(1);
        try
        {
            return await RunToEndAsync(cancellation);
        }
        catch (StorageUnavailableException)
        {
            // The journal has ended: the turn goes on from its last checkpoint once the database answers again.
            return null;
        }
        finally
        {
            SessionMetrics.RunningTurns.Add(-1);
        }
    }

    private async Task<TurnResult?> RunToEndAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var ending = await RunStepsAsync(cancellation);
            if (ending is null) return null;
            _emitter.Flush();
            if (await FinishAsync(ending) is { } finished) return finished;
            if (_journal.End is not null) return null;
        }
    }

    /// <summary>How the steps ended, or null when the turn is to be left as it is.</summary>
    private async Task<Ending?> RunStepsAsync(CancellationToken cancellation)
    {
        try
        {
            if (Turn.Ending is not TurnEnding.None) return new Ending(FinishReason.Cancelled);
            await _admission.EnterAsync(cancellation);
            _tools ??= await _services.ToolsOfAsync(_journal.Session.Key, cancellation);
            while (true)
            {
                if (_progress.OpenStep is { } open && !await RunToolsAsync(open, cancellation))
                {
                    Waited = Turn.Ending is TurnEnding.None;
                    return Waited ? null : new Ending(FinishReason.Cancelled);
                }

                await YieldIfStoppingAsync();
                await TakeSteeredAsync();
                if (_progress.Steps >= _services.Options.MaxSteps) return new Ending(FinishReason.MaxSteps);
                if (await RunModelAsync(cancellation) is { } ending) return ending;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (_journal.End is not null) return null;
            if (Turn.Ending is not TurnEnding.None) return new Ending(FinishReason.Cancelled);
            if (!_services.Shutdown.Token.IsCancellationRequested) return new Ending(FinishReason.Timeout);
            await _journal.FlushAsync();
            return null;
        }
        catch (ModelException failure)
        {
            return new Ending(FinishReason.Error, failure.Problem);
        }
        catch (TurnLeftException)
        {
            return null;
        }
        catch (Exception failure) when (failure is not StorageUnavailableException)
        {
            _services.Logger.TurnFailed(failure, _turnId, _journal.Session.Key.ToString());
            return new Ending(FinishReason.Error, Problem.Internal(500, Reasons.Unexpected));
        }
    }

    /// <summary>Asks the model once. Null when it called tools or a steered message is to be taken up.</summary>
    private async Task<Ending?> RunModelAsync(CancellationToken cancellation)
    {
        var route = _services.Models.Route(_model);
        if (route.Problem is { } problem) return new Ending(FinishReason.Error, problem);
        _servedBy = route.ServedBy;
        if (await TurnPrompt.BuildAsync(_services, _journal.Session, Turn.Scopes, _tools!, _history, _progress, route, cancellation) is not { } messages)
            return new Ending(FinishReason.Error, Problem.Invalid("content", Reasons.TooLong(route.ContextTokens, "tokens")));

        var tenant = _journal.Session.Key.Tenant;
        var most = _services.ReservationFor(messages);
        _admission.BeginCall(new BudgetAmount(most.TotalTokens, _services.Prices.CostOf(_servedBy, most)), cancellation);
        var request = new ModelRequest
        {
            Tenant = tenant,
            Model = _model,
            Messages = messages,
            Tools = _tools!.For(Turn.Scopes),
            // A budget that an answer could overrun would be none.
            MaxOutputTokens = (await _services.Budgets.GetAsync(tenant)).IsUnlimited ? null : (int)most.OutputTokens,
            Gate = _admission,
        };
        List<ToolCallState>? calls = null;
        ModelFinished? finished = null;
        var separated = _progress.Said.Length == 0;
        _emitter.BeginStep();
        try
        {
            await foreach (var update in _services.Models.StreamAsync(request, cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                switch (update)
                {
                    case ModelText text:
                        if (!separated) _emitter.Write("\n\n");
                        separated = true;
                        _emitter.Write(text.Text);
                        break;
                    case ModelToolCall call:
                        (calls ??= []).Add(new ToolCallState { CallId = call.CallId, Name = call.Name, Arguments = call.Arguments });
                        break;
                    case ModelFinished end:
                        finished = end;
                        _servedBy = end.Model;
                        break;
                }
            }
        }
        catch (Exception) when (finished is null && _admission.Asked)
        {
            AddUsage(EstimateUsage(messages));
            throw;
        }

        _emitter.Flush();
        cancellation.ThrowIfCancellationRequested();
        var usage = finished?.Usage ?? EstimateUsage(messages);
        AddUsage(usage);
        if (calls is null)
        {
            return new Ending(finished?.FinishReason ?? FinishReason.Stop);
        }

        _progress.AddStep(new StepState
        {
            Number = _progress.Steps + 1,
            Text = _emitter.TakeStepText(),
            Calls = calls,
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
            Estimated = usage.Estimated,
        });
        return null;
    }

    private TokenUsage EstimateUsage(List<Microsoft.Extensions.AI.ChatMessage> messages) =>
        new(TokenEstimator.Estimate(messages), TokenEstimator.Estimate(_emitter.StepText), Estimated: true);

    private void AddUsage(TokenUsage usage) => _progress.AddUsage(usage, _services.Prices.CostOf(_servedBy, usage));

    /// <summary>Runs what the step calls. False when the turn is to wait for somebody's approval, or to end instead.</summary>
    private async Task<bool> RunToolsAsync(StepPart step, CancellationToken cancellation)
    {
        var runner = new ToolCallRunner(_services, _tools!, _journal.Session.Key, _turnId, Turn.Scopes, Turn.KeyId);
        var approvals = new TurnApprovals(_services, _journal, step.Step.Number);
        foreach (var call in step.Step.Calls)
        {
            if (step.ResultOf(call.CallId) is not null) continue;
            var interrupted = step.IsIntended(call.CallId) && !runner.MayRunAgain(call.Name);
            var prepared = runner.Prepare(call);
            if (await JudgeAsync() is null) return false;
            // The slot comes before the intent: a call that only waited must not look like one that was interrupted.
            using var slot = interrupted ? default : await _admission.EnterToolAsync(cancellation);
            // Before it there may have been a long wait.
            if (await JudgeAsync() is not { } verdict) return false;
            if (!step.IsIntended(call.CallId))
            {
                if (step.IsWritten) await YieldIfStoppingAsync();
                var intent = new ToolIntentState { CallId = call.CallId, Name = call.Name, Step = step.IsWritten ? null : step.Step };
                await CheckpointAsync(new JournalEntry(
                    SessionEventKind.ToolIntent, _turnId, EventCodec.Encode(intent),
                    new ToolFrame(call.Name, call.CallId, ToolStatus.Started)));
                step.IsWritten = true;
                step.Intend(call.CallId);
            }

            var result = TurnApprovals.RefusalOf(verdict) is { } refusal ? ToolCallRunner.Failed(call, refusal)
                : interrupted ? ToolCallRunner.Interrupted(call)
                : await runner.RunAsync(prepared, step.Step.Number, cancellation);
            _progress.AddActions(result.Actions ?? []);
            await CheckpointAsync(
                new JournalEntry(SessionEventKind.ToolResult, _turnId, EventCodec.Encode(result), EventCodec.FramesOf(result)),
                turn => ApprovalRules.Close(turn, step.Step.Number, call.CallId));
            step.Complete(result);

            async ValueTask<ToolVerdict?> JudgeAsync()
            {
                while (true)
                {
                    var judged = await approvals.JudgeAsync(prepared, cancellation);
                    // One that was denied has not run, whatever was written before it; of any other nobody knows.
                    if (interrupted) return judged is ToolVerdict.Denied or ToolVerdict.Expired ? judged : ToolVerdict.Run;
                    if (judged is not ToolVerdict.Ask) return judged;
                    if (await AskAsync(step, runner, approvals, cancellation)) return null;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// Asks for all of the step's calls that need it, durably: with that the turn waits, unless it was told to end just now. False
    /// when there is nothing to ask for any more.
    /// </summary>
    private async Task<bool> AskAsync(StepPart step, ToolCallRunner runner, TurnApprovals approvals, CancellationToken cancellation)
    {
        var asked = new List<PreparedCall>();
        foreach (var call in step.Step.Calls)
        {
            if (step.ResultOf(call.CallId) is not null) continue;
            var prepared = runner.Prepare(call);
            if (await approvals.JudgeAsync(prepared, cancellation) is ToolVerdict.Ask) asked.Add(prepared);
        }

        if (asked.Count == 0) return false;
        var requests = approvals.RequestsFor(asked, step.IsWritten ? null : step.Step);
        await _approvalReminder.AskAsync(
            _services.Options.ApprovalTime,
            () => WriteAsync(firstSeq =>
            {
                if (Turn.Ending is not TurnEnding.None) return null;
                _progress.Checkpoint(firstSeq + requests.Count - 1);
                return new JournalCommit
                {
                    Mailbox = WithTurn(turn => ApprovalRules.Ask(turn, approvals.StatesOf(requests, asked, firstSeq), TurnIds.NewMessage())),
                    Entries = [.. requests.Select(request => new JournalEntry(
                        SessionEventKind.Approval, _turnId, EventCodec.Encode(request), EventCodec.FrameOf(request)))],
                };
            }),
            cancellation);
        return true;
    }

    /// <summary>Messages steered to this turn join it; the mailbox drops them with the next checkpoint.</summary>
    private async Task TakeSteeredAsync()
    {
        if (Turn.Steered is not { Count: > 0 } seqs) return;
        foreach (var message in await _readMessages(seqs)) _progress.AddQuestion(message, 0);
        await WriteAsync(_ => new JournalCommit { Mailbox = WithTurn(turn => turn with { Steered = [.. turn.Steered.Except(seqs)] }) });
    }

    /// <summary>Leaves the turn, with all of it written, to the silo that goes on with it.</summary>
    private async Task YieldIfStoppingAsync()
    {
        if (!_services.Shutdown.IsYielding) return;
        _emitter.Flush();
        await _journal.FlushAsync();
        throw new TurnLeftException();
    }

    private Task CheckpointAsync(JournalEntry entry, Func<TurnState, TurnState>? change = null) => WriteAsync(firstSeq =>
    {
        _progress.Checkpoint(firstSeq + entry.Frames.Count - 1);
        return new JournalCommit { Mailbox = WithTurn(change ?? (static turn => turn)), Entries = [entry] };
    });

    /// <summary>Writes a checkpoint, and with it what has been used since the last one.</summary>
    private async Task WriteAsync(Func<long, JournalCommit?> draft)
    {
        UsageDelta? usage = null;
        var outcome = await _journal.CommitAsync(firstSeq =>
        {
            if (draft(firstSeq) is not { } commit) return null;
            usage = _progress.Unwritten.Take(_services.Time.GetUtcNow(), _servedBy);
            return commit with { Usage = usage };
        });
        if (outcome is not AppendOutcome.Written) throw new TurnLeftException();
        await _admission.SettleAsync(usage);
    }

    private MailboxState WithTurn(Func<TurnState, TurnState> change) => _journal.Mailbox with
    {
        Running = change(Turn with
        {
            Step = _progress.Steps,
            SpentMilliseconds = (long)_clock.Spent.TotalMilliseconds,
            Used = new UsageState(_progress.Usage.InputTokens, _progress.Usage.OutputTokens, _progress.Usage.Estimated),
        }),
    };

    /// <summary>Ends the turn, or null when a steered message arrived just now and is to be taken up first.</summary>
    private async Task<TurnResult?> FinishAsync(Ending ending)
    {
        var stepText = _emitter.TakeStepText();
        var done = new DoneState
        {
            MessageId = Turn.MessageId ?? TurnIds.NewMessage(),
            Content = _progress.Said + stepText,
            FinishReason = ending.FinishReason,
            Actions = _progress.Actions.Count > 0 ? _progress.Actions : null,
            Steps = _progress.ToolSteps is { Count: > 0 } steps ? steps : null,
            InputTokens = _progress.Usage.InputTokens,
            OutputTokens = _progress.Usage.OutputTokens,
            Estimated = _progress.Usage.Estimated,
            Problem = ending.Problem is { } problem ? EventCodec.ToState(problem) : null,
        };
        var shown = done.Problem is null || done.Content.Length > 0;
        var at = _services.Time.GetUtcNow();
        var lastSeq = 0L;
        var undone = false;
        var steered = false;
        UsageDelta? usage = null;
        var outcome = await _journal.CommitAsync(firstSeq =>
        {
            var turn = Turn;
            steered = turn.Steered.Count > 0 && ending.FinishReason == FinishReason.Stop && turn.Ending is TurnEnding.None;
            if (steered) return null;
            lastSeq = firstSeq;
            usage = _progress.Unwritten.Take(at, _servedBy, turns: 1);
            undone = turn.Ending is TurnEnding.Rollback;
            List<JournalEntry> entries =
                [new JournalEntry(SessionEventKind.Done, _turnId, EventCodec.Encode(done), EventCodec.FrameOf(done))];
            if (undone)
            {
                entries.Add(new JournalEntry(
                    SessionEventKind.RolledBack, _turnId, EventCodec.Encode(new RolledBackState(turn.FirstSeq)),
                    new RolledBackFrame(turn.FirstSeq)));
            }

            return new JournalCommit
            {
                Mailbox = Mailbox.Advance(_journal.Mailbox, new TurnStart(at, _journal.Session.Model)),
                Entries = entries,
                MessageDelta = undone ? -turn.Messages : shown ? 1 : 0,
                Undo = undone ? new UndoTurn(_turnId, turn.FirstSeq) : null,
                Usage = usage,
                Outbox = Tell(done, ending.Problem, shown && !undone, firstSeq),
            };
        });

        if (steered)
        {
            // What was said stands before the message that came too late for it.
            _progress.AddStep(new StepState { Number = _progress.Steps + 1, Text = stepText, Calls = [] });
            return null;
        }

        if (outcome is not AppendOutcome.Written) return null;
        await _admission.SettleAsync(usage);
        Report(done);
        return new TurnResult(_turnId, undone ? null : new HistoryTurn(_turnId, lastSeq, [.. _progress.Messages], done));
    }

    private List<OutboxEntry> Tell(DoneState done, Problem? problem, bool shown, long seq)
    {
        var session = _journal.Session.Key;
        if (!SessionEvents.Tells(session)) return [];
        var told = new List<OutboxEntry>(2);
        if (shown) told.Add(SessionEvents.Sent(session, _turnId, done, seq));
        if (problem is not null) told.Add(SessionEvents.Failed(session, _turnId, problem, seq));
        return told;
    }

    private void Report(DoneState done)
    {
        var elapsed = _services.Time.GetElapsedTime(_startedAt);
        SessionMetrics.Turns.Add(1, new KeyValuePair<string, object?>("finish_reason", done.FinishReason));
        SessionMetrics.TurnDuration.Record(elapsed.TotalSeconds);
        if (_services.Logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Information))
        {
            _services.Logger.TurnEnded(
                _turnId, _journal.Session.Key.ToString(), done.FinishReason, _progress.Steps + 1,
                done.InputTokens + done.OutputTokens, (long)elapsed.TotalMilliseconds);
        }
    }

    private sealed record Ending(string FinishReason, Problem? Problem = null);
}
