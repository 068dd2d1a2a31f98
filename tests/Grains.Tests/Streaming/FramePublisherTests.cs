using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Streaming;

namespace OpenClaw.Grains.Tests.Streaming;

public sealed class FramePublisherTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingStream _stream = new();
    private readonly FramePublisher _publisher;
    private int _streamsMade;

    public FramePublisherTests() => _publisher = new FramePublisher(
        () =>
        {
            _streamsMade++;
            return _stream;
        },
        _time,
        NullLogger.Instance);

    [Fact]
    public void An_unwatched_session_publishes_nothing_and_has_no_stream()
    {
        _publisher.Publish(Frames(1, 3));
        _publisher.PublishGone();
        Assert.False(_publisher.IsWatched);
        Assert.Empty(_stream.Sent);
        Assert.Equal(0, _streamsMade);
    }

    [Fact]
    public void A_lease_lasts_30_seconds_and_can_be_renewed()
    {
        _publisher.Renew();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(_publisher.IsWatched);
        _publisher.Renew();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(_publisher.IsWatched);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_publisher.IsWatched);
        _publisher.Publish(Frames(1, 1));
        Assert.Empty(_stream.Sent);
        Assert.Equal(1, _streamsMade);
    }

    [Fact]
    public void Frames_go_out_at_once_as_one_batch()
    {
        _publisher.Renew();
        _publisher.Publish(Frames(4, 3));
        var batch = Assert.Single(_stream.Sent);
        Assert.Equal([4, 5, 6], Seqs(batch));
        Assert.Equal(6, batch.ThroughSeq);
        Assert.Equal(6, batch.HeadSeq);
        Assert.Equal(FrameBatchStatus.Open, batch.Status);
    }

    [Fact]
    public void What_gathers_during_a_send_goes_out_together()
    {
        _stream.Holds = true;
        _publisher.Renew();
        _publisher.Publish(Frames(1, 1));
        _publisher.Publish(Frames(2, 1));
        _publisher.Publish(Frames(3, 2));
        Assert.Single(_stream.Sent);
        _stream.Held.Dequeue().SetResult();
        Assert.Equal(2, _stream.Sent.Count);
        Assert.Equal([2, 3, 4], Seqs(_stream.Sent[1]));
        _stream.Held.Dequeue().SetResult();
        _publisher.Publish(Frames(5, 1));
        Assert.Equal([5], Seqs(_stream.Sent[2]));
    }

    [Fact]
    public void A_send_that_fails_loses_its_frames_and_no_others()
    {
        _stream.Holds = true;
        _publisher.Renew();
        _publisher.Publish(Frames(1, 1));
        _publisher.Publish(Frames(2, 1));
        _stream.Held.Dequeue().SetException(new TimeoutException());
        Assert.Equal([2], Seqs(_stream.Sent[1]));
    }

    [Fact]
    public async Task A_send_that_hangs_holds_the_next_one_up_for_two_seconds()
    {
        var secondSend = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stream.Holds = true;
        _publisher.Renew();
        _publisher.Publish(Frames(1, 1));
        _publisher.Publish(Frames(2, 1));
        _time.Advance(FramePublisher.SendTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Single(_stream.Sent);
        _stream.Sending += secondSend.SetResult;
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await secondSend.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal([2], Seqs(_stream.Sent[1]));
    }

    [Fact]
    public void Frames_beyond_the_limit_drop_those_that_wait_and_the_newest_go_out()
    {
        _stream.Holds = true;
        _publisher.Renew();
        _publisher.Publish(Frames(1, 1));
        _publisher.Publish(Frames(2, FramePublisher.MaxWaiting));
        _publisher.Publish(Frames(2_000, 2));
        _stream.Held.Dequeue().SetResult();
        Assert.Equal([2_000, 2_001], Seqs(_stream.Sent[1]));
    }

    [Fact]
    public void The_end_of_a_session_follows_its_last_frames()
    {
        _stream.Holds = true;
        _publisher.Renew();
        _publisher.Publish(Frames(1, 1));
        _publisher.Publish(Frames(2, 1));
        _publisher.PublishGone();
        _stream.Held.Dequeue().SetResult();
        _stream.Held.Dequeue().SetResult();
        _stream.Held.Dequeue().SetResult();
        Assert.Equal([1], Seqs(_stream.Sent[0]));
        Assert.Equal([2], Seqs(_stream.Sent[1]));
        Assert.Equal(FrameBatchStatus.Gone, _stream.Sent[2].Status);
        Assert.Equal(3, _stream.Sent.Count);
    }

    private static SessionFrame[] Frames(long first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new SessionFrame(first + i, "turn", new TextFrame("x")))];

    private static IEnumerable<long> Seqs(FrameBatch batch) => batch.Frames.Select(frame => frame.Seq);
}
