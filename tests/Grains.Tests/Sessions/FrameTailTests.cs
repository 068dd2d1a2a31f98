using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.Journal;

namespace OpenClaw.Grains.Tests.Sessions;

public sealed class FrameTailTests
{
    private readonly FrameTail _tail = new();

    [Fact]
    public void A_reader_of_one_turn_gets_its_frames_alone_and_a_cursor_past_the_others()
    {
        Append(1, "a", new TextFrame("one"));
        Append(2, "b", new TextFrame("other"));
        Append(3, "a", new TextFrame("two"));
        Append(4, "b", new TextFrame("other"));

        var (through, ended, seqs) = Copy(0, "a");

        Assert.Equal([1, 3], seqs);
        Assert.Equal((4, false), (through, ended));
    }

    [Fact]
    public void A_turns_end_ends_its_reader_and_nobody_elses()
    {
        Append(1, "a", new TextFrame("one"));
        Append(2, "a", new DoneFrame("msg", TokenUsage.Zero, FinishReason.Stop));
        Append(3, "b", new TextFrame("next"));

        Assert.Equal((2, true), (Copy(0, "a").Through, Copy(0, "a").Ended));
        Assert.False(Copy(0, "b").Ended);
        Assert.Equal([1, 2, 3], Copy(0, null).Seqs);
    }

    [Fact]
    public void A_full_answer_goes_on_where_it_stopped()
    {
        for (var seq = 1; seq <= 5; seq++) Append(seq, "a", new TextFrame("x"));
        var first = new List<SessionFrame>();

        var (through, _) = _tail.Copy(0, "a", 2, first);

        Assert.Equal(2, through);
        Assert.Equal([3, 4, 5], Copy(through, "a").Seqs);
    }

    [Fact]
    public void What_is_not_in_the_log_yet_is_never_dropped_however_much_it_is()
    {
        for (var seq = 1; seq <= 600; seq++) Append(seq, "a", new TextFrame(new string('x', 1000)), durableHead: 10);

        Assert.Equal(10, _tail.Floor);
        Assert.Equal(590, Copy(10, null, max: 1000).Seqs.Count);
    }

    [Fact]
    public void Trimming_lets_go_of_frames_and_raises_the_floor()
    {
        for (var seq = 1; seq <= 5; seq++) Append(seq, "a", new TextFrame("x"));

        _tail.TrimThrough(3);

        Assert.Equal(3, _tail.Floor);
        Assert.Equal([4, 5], Copy(3, null).Seqs);
    }

    private void Append(long seq, string turn, Frame frame, long durableHead = 0) =>
        _tail.Append(new SessionFrame(seq, turn, frame), durableHead);

    private (long Through, bool Ended, List<long> Seqs) Copy(long after, string? turn, int max = 100)
    {
        var frames = new List<SessionFrame>();
        var (through, ended) = _tail.Copy(after, turn, max, frames);
        return (through, ended, [.. frames.Select(frame => frame.Seq)]);
    }
}
