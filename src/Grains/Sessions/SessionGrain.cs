using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.Events;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Sessions.Turns;
using OpenClaw.Grains.Streaming;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;
using Orleans.Runtime.Placement;

namespace OpenClaw.Grains.Sessions;

/// <inheritdoc cref="ISessionGrain"/>
[GrainType("session")]
internal sealed class SessionGrain : Grain, ISessionGrain, IRemindable
{
    private readonly SessionServices _services;
    private readonly SessionKey _key;
    private OpenSession? _open;
    private Task<OpenSession?>? _loading;

    public SessionGrain(SessionServices services)
    {
        _services = services;
        _key = SessionKey.Parse(this.GetPrimaryKeyString());
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        SessionMetrics.ActiveSessions.Add(1);
        _services.Histories.Remove(_key);
        await LoadAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        SessionMetrics.ActiveSessions.Add(-1);
        _services.Histories.Remove(_key);
        if (_open is not { Journal.End: null } open) return;
        try
        {
            await open.Journal.FlushAsync();
        }
        catch (StorageUnavailableException)
        {
            _services.Logger.StorageLost(_key.ToString());
        }
        finally
        {
            open.Journal.Stop(JournalEnd.Deactivated);
        }
    }

    public async Task<CreateSessionResult> Create(CreateSession command, CancellationToken cancellationToken)
    {
        if (_open is not null) return new CreateSessionResult(null, Problem.Conflict(Reasons.SessionExists));
        var route = _services.Models.Route(command.Model);
        if (route.Problem is { } problem) return new CreateSessionResult(null, problem);
        var now = _services.Time.GetUtcNow();
        var session = new SessionState
        {
            Key = _key,
            Model = route.Model,
            Title = command.Title,
            SystemPrompt = command.SystemPrompt,
            Context = command.Context.IsEmpty ? null : command.Context.Utf8.ToArray(),
            Overlap = command.Overlap,
            Mailbox = MailboxCodec.Encode(WithPolicy(MailboxState.Empty, command.ToolPolicy)),
            CreatedAt = now,
            UpdatedAt = now,
        };
        try
        {
            if (!await _services.Log.CreateAsync(session, cancellationToken))
                return new CreateSessionResult(null, Problem.Conflict(Reasons.SessionExists));
        }
        catch (StorageUnavailableException)
        {
            return new CreateSessionResult(null, SessionProblems.Unavailable);
        }

        return new CreateSessionResult(Describe((_open ?? Open(session)).Journal), null);
    }

    public async Task<SessionInfo?> Get(CancellationToken cancellationToken) =>
        await FindAsync() is { } open ? Describe(open.Journal) : null;

    public async Task<CreateSessionResult> Update(UpdateSession command, CancellationToken cancellationToken)
    {
        if (await FindAsync() is not { Journal: var journal }) return new CreateSessionResult(null, SessionProblems.NotFound);
        var model = journal.Session.Model;
        if (command.Model is not null)
        {
            var route = _services.Models.Route(command.Model);
            if (route.Problem is { } problem) return new CreateSessionResult(null, problem);
            model = route.Model;
        }

        AppendOutcome outcome;
        try
        {
            outcome = await journal.CommitAsync(_ => new JournalCommit
            {
                Mailbox = WithPolicy(journal.Mailbox, command.ToolPolicy),
                Definition = new SessionDefinition(
                    command.Title ?? journal.Session.Title,
                    model,
                    command.Context is { } context ? context.Utf8.ToArray() : journal.Session.Context),
            });
        }
        catch (StorageUnavailableException)
        {
            outcome = AppendOutcome.Fenced;
        }

        return outcome switch
        {
            AppendOutcome.Written => new CreateSessionResult(Describe(journal), null),
            AppendOutcome.Deleted => new CreateSessionResult(null, SessionProblems.NotFound),
            _ => new CreateSessionResult(null, SessionProblems.Unavailable),
        };
    }

    public async Task<bool> Delete(CancellationToken cancellationToken)
    {
        if (await FindAsync() is not { } open) return false;
        var deleted = await _services.Log.DeleteAsync(_key, cancellationToken);
        _open = null;
        open.Journal.Stop(JournalEnd.Deleted);
        open.Publisher?.PublishGone();
        return deleted;
    }

    public async Task<SendResult> Send(SendMessage message, CancellationToken cancellationToken)
    {
        var sent = await AcceptAsync(message, cancellationToken);
        return sent.Problem is null && _open is { Journal.Mailbox: var mailbox } && mailbox.Running?.TurnId == sent.TurnId && ApprovalRules.AreAwaited(mailbox)
            ? sent with { TurnWaits = true }
            : sent;
    }

    private async Task<SendResult> AcceptAsync(SendMessage message, CancellationToken cancellationToken)
    {
        AcceptedMessage accepted;
        OpenSession open;
        try
        {
            if (await FindAsync() is not { } found) return SendResult.Refused(SessionProblems.NotFound);
            open = found;
            var acceptance = new MessageAcceptance(_services, open.Journal);
            if (acceptance.FindDelivered(message.DeliveryId) is { } delivered) return delivered;
            if (await acceptance.FindEarlierAsync(message.Idempotency, cancellationToken) is { } earlier) return earlier;
            if (await _services.Budgets.CheckAsync(_key.Tenant) is { } spent) return SendResult.Refused(spent);
            if (await _services.Attachments.FindProblemAsync(_key.Tenant, message.Attachments, cancellationToken) is { } problem)
                return SendResult.Refused(problem);
            if (acceptance.EndingFor(message) is var ending and not TurnEnding.None)
            {
                // What the turn said stands in the history before the message that cut it short.
                await EndRunningTurnAsync(open, ending, cancellationToken);
            }

            accepted = await acceptance.AcceptAsync(message, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return SendResult.Refused(SessionProblems.Unavailable);
        }

        if (accepted.Placement is { } placement)
        {
            if (placement.As is PlacedAs.Running) open.Turns.Prepare(placement.TurnId, accepted.Message!, accepted.Result.Seq);
            open.Turns.Run();
        }

        return accepted.Result;
    }

    public async Task<FrameBatch> Read(FrameCursor cursor, CancellationToken cancellationToken) =>
        await FindAsync() is { } open ? await open.Reader.ReadAsync(cursor, cancellationToken) : FrameBatch.Gone;

    public async Task<long> Watch(CancellationToken cancellationToken)
    {
        if (await FindAsync() is not { } open) return -1;
        open.Publisher ??= FramePublisher.For(this, _services.Time, _services.StreamLogger);
        open.Publisher.Renew();
        return open.Journal.Tail.Head;
    }

    public async Task<TurnAnswer?> GetAnswer(string turnId, CancellationToken cancellationToken)
    {
        if (await FindAsync() is not { Journal: var journal }) return null;
        if (journal.Mailbox.Running is { } running && running.TurnId == turnId && ApprovalRules.AreAwaited(journal.Mailbox))
            return await DescribeWaitingAsync(journal, running, cancellationToken);
        if (Mailbox.Holds(journal.Mailbox, turnId)) return null;
        if (_services.Histories.Find(_key)?.Turns is [.., var last] && last.TurnId == turnId) return EventCodec.ToAnswer(last.Done);
        if (!TurnIds.TryGetFirstSeq(turnId, out var firstSeq)) return null;
        var row = await _services.Log.FindDoneAsync(_key, turnId, firstSeq, cancellationToken);
        return row is null ? null : EventCodec.ToAnswer(EventCodec.Done(row));
    }

    public async Task<SessionMessagePage?> ListMessages(MessageQuery query, CancellationToken cancellationToken) =>
        await FindAsync() is null ? null : await SessionMessages.ListAsync(_services.Log, _key, query, cancellationToken);

    public async Task<SendResult?> FindAccepted(IdempotencyKey key, CancellationToken cancellationToken) =>
        await FindAsync() is { } open ? await new MessageAcceptance(_services, open.Journal).FindEarlierAsync(key, cancellationToken) : null;

    public async Task<ApprovalList?> ListApprovals(CancellationToken cancellationToken)
    {
        if (await FindAsync() is not { } open) return null;
        if (ApprovalRules.AreAwaited(open.Journal.Mailbox)) await ExpireAsync(open);
        return new ApprovalList(await ReadApprovalsAsync(open.Journal.Mailbox, cancellationToken));
    }

    public async Task<ApprovalOutcome> Decide(DecideApproval answer, CancellationToken cancellationToken)
    {
        var outcome = new ApprovalOutcome("", SessionProblems.NotFound);
        var changed = false;
        if (await FindAsync() is not { Journal: var journal } open) return outcome;
        try
        {
            var tools = await _services.ToolsOfAsync(_key, cancellationToken);
            var written = await journal.CommitAsync(_ =>
            {
                var (next, tool, problem) = ApprovalRules.Answer(journal.Mailbox, answer.ApprovalId, answer.Decision, _services.Time.GetUtcNow());
                outcome = new ApprovalOutcome(tool, problem);
                if (problem is null && next is not null && FindMissingScope(answer, tool, tools) is { } missing)
                {
                    outcome = new ApprovalOutcome(tool, missing);
                    return null;
                }

                changed = next is not null;
                return changed ? new JournalCommit { Mailbox = next! } : null;
            });
            if (written is not AppendOutcome.Written)
                return new ApprovalOutcome("", written is AppendOutcome.Deleted ? SessionProblems.NotFound : SessionProblems.Unavailable);
        }
        catch (StorageUnavailableException)
        {
            return new ApprovalOutcome("", SessionProblems.Unavailable);
        }

        // The answer need not wait for the reminder's end.
        if (changed) _ = GoOnAsync(open);
        return outcome;
    }

    public async Task<CancelResult> Cancel(CancellationToken cancellationToken) => await FindAsync() is { } open
        ? new CancelResult(true, await EndRunningTurnAsync(open, TurnEnding.Cancel, cancellationToken))
        : new CancelResult(false, null);

    public async Task Resume(CancellationToken cancellationToken) => (await FindAsync())?.Turns.Run();

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var open = await FindAsync();
        if (reminderName == ApprovalReminder.Name)
        {
            if (open is null) await ApprovalReminder.RemoveAsync(this);
            else await ExpireAsync(open);
        }
        else if (open is not null && ApprovalRules.HasWork(open.Journal.Mailbox))
        {
            open.Turns.Run();
        }
        else
        {
            await TurnReminder.RemoveAsync(this);
        }
    }

    /// <summary>Denies what nobody has answered in time; its turn goes on.</summary>
    private async Task ExpireAsync(OpenSession open)
    {
        var journal = open.Journal;
        var expired = false;
        await journal.CommitAsync(_ =>
        {
            var next = ApprovalRules.Expire(journal.Mailbox, _services.Time.GetUtcNow());
            expired = next is not null;
            return expired ? new JournalCommit { Mailbox = next! } : null;
        });
        if (expired || !ApprovalRules.AreAwaited(journal.Mailbox)) await GoOnAsync(open);
    }

    /// <summary>The turn goes on when nothing is waited for any more.</summary>
    /// <returns>Completes when its reminder is gone; never throws.</returns>
    private static Task GoOnAsync(OpenSession open)
    {
        open.Turns.Run();
        return open.Turns.ApprovalReminder.RemoveAsync();
    }

    private static Problem? FindMissingScope(DecideApproval answer, string tool, TurnTools tools) =>
        answer.Decision is ApprovalDecision.Deny || tools.Find(tool) is not { RequiredScopes: var required } || (required & answer.Scopes) == required
            ? null
            : Problem.Forbidden(ApprovalReasons.Scopes);

    private async Task<ApprovalRequest[]> ReadApprovalsAsync(MailboxState mailbox, CancellationToken cancellationToken)
    {
        var requests = new List<ApprovalRequest>();
        foreach (var approval in ApprovalRules.AwaitedOf(mailbox))
        {
            if (await _services.Log.ReadAsync(_key, approval.Seq - 1, 1, cancellationToken) is not [{ Kind: SessionEventKind.Approval } row]) continue;
            requests.Add(new ApprovalRequest
            {
                ApprovalId = approval.Id,
                TurnId = mailbox.Running!.TurnId,
                Tool = approval.Tool,
                Arguments = EventCodec.FrameOf(EventCodec.Approval(row)).Arguments,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(approval.AskedAt),
                ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(approval.ExpiresAt),
            });
        }

        return [.. requests];
    }

    /// <summary>How far a turn is that waits for an approval.</summary>
    private async Task<TurnAnswer> DescribeWaitingAsync(SessionJournal journal, TurnState turn, CancellationToken cancellationToken)
    {
        var mailbox = journal.Mailbox;
        var progress = await TurnProgress.ReadAsync(_services.Log, _key, turn, cancellationToken);
        return new TurnAnswer
        {
            MessageId = turn.MessageId!,
            Content = progress.Said,
            Actions = progress.Actions.Select(EventCodec.ToAction).ToArray(),
            Usage = progress.Usage,
            FinishReason = FinishReason.Approval,
            Approvals = await ReadApprovalsAsync(mailbox, cancellationToken),
        };
    }

    /// <summary>What was allowed for good was so under the policy before.</summary>
    private static MailboxState WithPolicy(MailboxState mailbox, ToolPolicy? policy) =>
        policy is null ? mailbox : mailbox with { ToolPolicy = ToolRuleState.Of(policy), Allowed = null };

    /// <summary>Tells the running turn how to end, durably, and waits until it has. Null when none runs.</summary>
    private static async Task<string?> EndRunningTurnAsync(OpenSession open, TurnEnding ending, CancellationToken cancellationToken)
    {
        var journal = open.Journal;
        string? turnId = null;
        await journal.CommitAsync(_ =>
        {
            turnId = journal.Mailbox.Running?.TurnId;
            return Mailbox.End(journal.Mailbox, ending) is { } mailbox ? new JournalCommit { Mailbox = mailbox } : null;
        });
        if (turnId is not null) await open.Turns.CancelAsync(turnId).WaitAsync(cancellationToken);
        return turnId;
    }

    /// <summary>
    /// The session, or null when there is none. An activation never remembers that there was none: during a partition another
    /// one may have created it since.
    /// </summary>
    private ValueTask<OpenSession?> FindAsync() =>
        _loading is null && _open is { } open ? ValueTask.FromResult<OpenSession?>(open) : LoadTogetherAsync();

    /// <summary>Calls that interleave share one look, and none gets ahead of a turn's recovery.</summary>
    private async ValueTask<OpenSession?> LoadTogetherAsync()
    {
        var loading = _loading ??= LoadAsync(CancellationToken.None);
        try
        {
            return await loading;
        }
        finally
        {
            if (_loading == loading) _loading = null;
        }
    }

    private async Task<OpenSession?> LoadAsync(CancellationToken cancellationToken)
    {
        // The session's creation, if it is under way here, may have been faster.
        if (await _services.Log.FindAsync(_key, cancellationToken) is not { } session || _open is not null) return _open;
        var open = Open(session);
        if (ApprovalRules.HasWork(open.Journal.Mailbox)) await open.Turns.RecoverAsync(cancellationToken);
        return open;
    }

    private OpenSession Open(SessionState session)
    {
        var journal = new SessionJournal(_services.Log, _services.Time, session, MailboxCodec.Decode(session.Mailbox));
        var open = new OpenSession(
            journal, new FrameReader(_services.Log, _services.Time, journal), new TurnLoop(_services, journal, this, HandOver))
        {
            Deltas = SessionEvents.Tells(_key)
                ? new SessionDeltas(_key, _services.Events, () => TenantStreams.PublishDeltas(this, _key.Tenant, _services.Time, _services.StreamLogger))
                : null,
        };
        journal.Ended = () => OnEnded(open);
        journal.Published = frame => OnPublished(open, frame);
        journal.Told = told => OnTold(open, told);
        return _open = open;
    }

    private void OnPublished(OpenSession open, SessionFrame frame)
    {
        open.Publisher?.Publish(new[] { frame });
        if (open.Deltas is not { } deltas) return;
        var (content, language) = frame.Frame switch
        {
            TextFrame text => (text.Content, null),
            CodeFrame code => (code.Content, code.Language),
            _ => (null, null),
        };
        if (content is null || !deltas.AreWanted) return;
        deltas.Publish(new TenantDelta
        {
            SessionId = _key.SessionId,
            SessionSeq = frame.Seq,
            TurnId = frame.TurnId,
            Content = content,
            IsCode = frame.Frame is CodeFrame,
            Language = language,
            At = _services.Time.GetUtcNow(),
        });
    }

    private static void OnTold(OpenSession open, IReadOnlyList<OutboxEntry> told)
    {
        if (told[0].Type == EventTypes.MessageReceived) open.Deltas?.TellMessage();
        else open.Deltas?.TellEnd();
    }

    private void OnEnded(OpenSession open)
    {
        switch (open.Journal.End)
        {
            case JournalEnd.Fenced:
                SessionMetrics.Fenced.Add(1);
                _services.Logger.SteppedDown(_key.ToString());
                break;
            case JournalEnd.Broken:
                _services.Logger.StorageLost(_key.ToString());
                break;
        }

        open.Turns.Stop();
        DeactivateOnIdle();
    }

    /// <summary>The process stops: the turn goes on in another silo.</summary>
    private void HandOver()
    {
        if (_services.Shutdown.AnotherSilo() is not { } silo)
        {
            // The last one: the watchdog of the next silo finds the turn.
            DeactivateOnIdle();
            return;
        }

        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        this.MigrateOnIdle();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        _services.Shutdown.HandOver(_key);
    }

    private SessionInfo Describe(SessionJournal journal) => SessionInfos.Describe(journal.Session, journal.Mailbox, _services.Models);

    /// <summary>What an activation of an existing session holds.</summary>
    private sealed class OpenSession(SessionJournal journal, FrameReader reader, TurnLoop turns)
    {
        public SessionJournal Journal { get; } = journal;

        public FrameReader Reader { get; } = reader;

        public TurnLoop Turns { get; } = turns;

        public FramePublisher? Publisher { get; set; }

        /// <summary>Pieces of answers for those who watch the tenant; null for a session that tells nothing.</summary>
        public SessionDeltas? Deltas { get; init; }
    }
}
