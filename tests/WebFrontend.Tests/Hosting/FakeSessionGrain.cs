using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tests.Hosting;

/// <summary>A session without a model: it remembers what it was asked and answers what the test tells it to.</summary>
public sealed class FakeSessionGrain(string key) : ISessionGrain
{
    public static readonly DateTimeOffset Created = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public SessionInfo? Session { get; set; }

    public Problem? CreateProblem { get; set; }

    public CreateSession? CreateCommand { get; private set; }

    public UpdateSession? UpdateCommand { get; private set; }

    public List<SendMessage> Sent { get; } = [];

    public Func<SendMessage, SendResult> OnSend { get; set; } =
        _ => new SendResult { TurnId = "turn-1", MessageId = "msg-user", Seq = 1 };

    public TurnAnswer? Answer { get; set; }

    public MessageQuery? Query { get; private set; }

    public SessionMessagePage? Page { get; set; }

    /// <summary>The tenant on whose behalf the session was last read.</summary>
    public string? ReadFor { get; private set; }

    /// <summary>The tenant on whose behalf its turn was last cancelled.</summary>
    public string? CancelledFor { get; private set; }

    public Func<Exception?> Failure { get; set; } = () => null;

    public Task<CreateSessionResult> Create(CreateSession command, CancellationToken cancellationToken)
    {
        Fail();
        CreateCommand = command;
        if (CreateProblem is not null)
            return Task.FromResult(new CreateSessionResult(null, CreateProblem));
        Session = new SessionInfo
        {
            SessionId = SessionKey.Parse(key).SessionId,
            Status = SessionStatus.Created,
            Model = command.Model ?? "offline",
            ServedBy = "offline",
            Context = command.Context,
            Title = command.Title,
            CreatedAt = Created,
            UpdatedAt = Created,
        };
        return Task.FromResult(new CreateSessionResult(Session, null));
    }

    public Task<SessionInfo?> Get(CancellationToken cancellationToken)
    {
        ReadFor = TenantContext.Current;
        Fail();
        return Task.FromResult(Session);
    }

    public Task<CreateSessionResult> Update(UpdateSession command, CancellationToken cancellationToken)
    {
        UpdateCommand = command;
        return Task.FromResult(new CreateSessionResult(Session, null));
    }

    public Task<bool> Delete(CancellationToken cancellationToken)
    {
        var existed = Session is not null;
        Session = null;
        return Task.FromResult(existed);
    }

    public Task<SendResult> Send(SendMessage message, CancellationToken cancellationToken)
    {
        Fail();
        Sent.Add(message);
        return Task.FromResult(OnSend(message));
    }

    public Task<SendResult?> FindAccepted(IdempotencyKey key, CancellationToken cancellationToken) => Task.FromResult<SendResult?>(null);

    public Task<FrameBatch> Read(FrameCursor cursor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> Watch(CancellationToken cancellationToken) => Task.FromResult(Session is null ? -1L : 0L);

    public Task<TurnAnswer?> GetAnswer(string turnId, CancellationToken cancellationToken) => Task.FromResult(Answer);

    public Task<SessionMessagePage?> ListMessages(MessageQuery query, CancellationToken cancellationToken)
    {
        Query = query;
        return Task.FromResult(Page);
    }

    /// <summary>What waits for an answer; null: there is no such session.</summary>
    public ApprovalList? Approvals { get; set; }

    /// <summary>Answers that came.</summary>
    public List<DecideApproval> Decided { get; } = [];

    public ApprovalOutcome Outcome { get; set; } = new("commands_run");

    public Task<ApprovalList?> ListApprovals(CancellationToken cancellationToken) => Task.FromResult(Approvals);

    public Task<ApprovalOutcome> Decide(DecideApproval answer, CancellationToken cancellationToken)
    {
        Decided.Add(answer);
        return Task.FromResult(Outcome);
    }

    public Task<CancelResult> Cancel(CancellationToken cancellationToken)
    {
        CancelledFor = TenantContext.Current;
        return Task.FromResult(new CancelResult(Session is not null, Session?.ActiveTurn?.TurnId));
    }

    public Task Resume(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Fail()
    {
        if (Failure() is { } exception)
            throw exception;
    }
}
