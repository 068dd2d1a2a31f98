using System.Threading.Channels;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>A connection that reads a feed and keeps what it got until the test looks.</summary>
internal sealed class Follower : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<SessionFrame> _frames = Channel.CreateUnbounded<SessionFrame>();
    private readonly CancellationTokenSource _left = new();
    private readonly Task _following;

    public Follower(Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<SessionFrame>>> follow) => _following = FollowAsync(follow(_left.Token));

    public int Waiting => _frames.Reader.Count;

    public async Task<SessionFrame> NextAsync() => await _frames.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<List<long>> TakeSeqsAsync(int count)
    {
        var seqs = new List<long>();
        while (seqs.Count < count)
        {
            seqs.Add((await NextAsync()).Seq);
        }

        return seqs;
    }

    /// <summary>The seqs of all that is left when the feed has ended by itself.</summary>
    public async Task<List<long>> ToEndAsync()
    {
        await _following.WaitAsync(Patience);
        var seqs = new List<long>();
        while (_frames.Reader.TryRead(out var frame))
        {
            seqs.Add(frame.Seq);
        }

        return seqs;
    }

    /// <summary>The connection is cut; ends when the feed has let go.</summary>
    public async Task LeaveAsync()
    {
        await _left.CancelAsync();
        await _following.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _left.Dispose();
    }

    private async Task FollowAsync(IAsyncEnumerable<IReadOnlyList<SessionFrame>> feed)
    {
        try
        {
            await foreach (var frames in feed)
            {
                Assert.NotEmpty(frames);
                foreach (var frame in frames)
                {
                    Assert.True(_frames.Writer.TryWrite(frame));
                }
            }
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            _frames.Writer.Complete();
        }
        catch (Exception exception)
        {
            _frames.Writer.Complete(exception);
            throw;
        }
    }
}
