using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Idempotency;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Streaming;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>A session that says what a test tells it to: enough of the contract for its readers.</summary>
[GrainType("test-session")]
internal sealed class TestSessionGrain : Grain, ISessionGrain, ITestSession
{
    private readonly FramePublisher _publisher;

    public TestSessionGrain(TimeProvider timeProvider, ILogger<TestSessionGrain> logger) =>
        _publisher = FramePublisher.For(this, timeProvider, logger);

    private TestSessionLog? Log => TestSessionLog.Find(this.GetPrimaryKeyString());

    public Task Append(SessionFrame[] frames)
    {
        Log!.Append(frames);
        _publisher.Publish(frames);
        return Task.CompletedTask;
    }

    public Task AppendUnpublished(SessionFrame[] frames)
    {
        Log!.Append(frames);
        return Task.CompletedTask;
    }

    public Task PublishOnly(SessionFrame[] frames)
    {
        _publisher.Publish(frames);
        return Task.CompletedTask;
    }

    public Task Remove(bool publish)
    {
        Log!.Remove();
        if (publish)
        {
            _publisher.PublishGone();
        }

        return Task.CompletedTask;
    }

    public Task<SendResult?> FindAccepted(IdempotencyKey key, CancellationToken cancellationToken) => Task.FromResult<SendResult?>(null);

    public Task<FrameBatch> Read(FrameCursor cursor, CancellationToken cancellationToken) =>
        Log?.ReadAsync(cursor) ?? Task.FromResult(FrameBatch.Gone);

    public Task<long> Watch(CancellationToken cancellationToken)
    {
        if (Log is not { } log)
        {
            return Task.FromResult(-1L);
        }

        _publisher.Renew();
        log.CountWatch();
        return Task.FromResult(log.Head);
    }

    public Task<CreateSessionResult> Create(CreateSession command, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionInfo?> Get(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CreateSessionResult> Update(UpdateSession command, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> Delete(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SendResult> Send(SendMessage message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TurnAnswer?> GetAnswer(string turnId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionMessagePage?> ListMessages(MessageQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CancelResult> Cancel(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApprovalList?> ListApprovals(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApprovalOutcome> Decide(DecideApproval answer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task Resume(CancellationToken cancellationToken) => throw new NotSupportedException();
}
