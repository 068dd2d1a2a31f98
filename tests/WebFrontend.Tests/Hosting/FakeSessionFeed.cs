using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Sessions;

namespace OpenClaw.WebFrontend.Tests.Hosting;

/// <summary>Frames as the test writes them; the end of the channel ends the turn, or the session.</summary>
internal sealed class FakeSessionFeed : ISessionFeed
{
    private readonly Channel<IReadOnlyList<SessionFrame>> _batches = Channel.CreateUnbounded<IReadOnlyList<SessionFrame>>();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _followed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public (SessionKey Key, string? TurnId, long AfterSeq)? Asked { get; private set; }

    /// <summary>Done when somebody follows.</summary>
    public Task Followed => _followed.Task;

    /// <summary>Done when a reader went away before the end.</summary>
    public Task Left => _left.Task;

    public void Publish(params SessionFrame[] batch) => _batches.Writer.TryWrite(batch);

    public void End() => _batches.Writer.TryComplete();

    public IAsyncEnumerable<IReadOnlyList<SessionFrame>> FollowTurnAsync(SessionKey key, string turnId, long afterSeq, CancellationToken cancellationToken)
    {
        Asked = (key, turnId, afterSeq);
        return ReadAsync(cancellationToken);
    }

    public IAsyncEnumerable<IReadOnlyList<SessionFrame>> FollowSessionAsync(SessionKey key, long afterSeq, CancellationToken cancellationToken)
    {
        Asked = (key, null, afterSeq);
        return ReadAsync(cancellationToken);
    }

    private async IAsyncEnumerable<IReadOnlyList<SessionFrame>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _followed.TrySetResult();
        try
        {
            await foreach (var batch in _batches.Reader.ReadAllAsync(cancellationToken))
                yield return batch;
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
                _left.TrySetResult();
        }
    }
}
