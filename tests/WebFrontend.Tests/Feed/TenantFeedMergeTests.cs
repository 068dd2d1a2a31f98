using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.WebFrontend.Events;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Feed;

public sealed class TenantFeedMergeTests
{
    [Fact]
    public void What_was_seen_is_not_given_again()
    {
        var merge = new TenantFeedMerge(2);
        Assert.Equal(["3", "4"], Told(merge.TakeRead(Page(1, 2, 3, 4))));
        Assert.True(merge.TryTakeLive(Live([Message(3), Message(4), Message(5)]), out var items));
        Assert.Equal(["5"], Told(items));
    }

    [Fact]
    public void A_read_jumps_over_what_is_no_longer_kept()
    {
        var merge = new TenantFeedMerge(2);
        Assert.Equal(["9", "10"], Told(merge.TakeRead(Page(9, 10))));
        Assert.Equal(10, merge.Seq);
    }

    [Fact]
    public void A_batch_of_the_stream_with_a_gap_takes_nothing()
    {
        var merge = new TenantFeedMerge(2);
        Assert.False(merge.TryTakeLive(Live([Message(4)]), out _));
        Assert.False(merge.TryTakeLive(Live([Message(3), Message(5)]), out _));
        Assert.Equal(2, merge.Seq);
    }

    [Fact]
    public void Pieces_of_an_answer_stand_before_it_and_not_behind()
    {
        var merge = new TenantFeedMerge(0);
        Assert.True(merge.TryTakeLive(Live([], Delta(2)), out var items));
        Assert.Equal(["delta 2"], Told(items));
        Assert.True(merge.TryTakeLive(Live([Message(1, sessionSeq: 4)], Delta(3), Delta(5)), out items));
        Assert.Equal(["delta 3", "1", "delta 5"], Told(items));
        Assert.True(merge.TryTakeLive(Live([], Delta(4), Delta(6)), out items));
        Assert.Equal(["delta 6"], Told(items));
    }

    [Fact]
    public void A_message_that_was_read_ends_its_pieces_too()
    {
        var merge = new TenantFeedMerge(0);
        merge.TakeRead(new TenantEventPage { Events = new[] { Message(1, sessionSeq: 9) }, HeadSeq = 1, FirstSeq = 1 });
        Assert.True(merge.TryTakeLive(Live([], Delta(8), Delta(9), Delta(10)), out var items));
        Assert.Equal(["delta 10"], Told(items));
    }

    [Fact]
    public void A_users_message_ends_no_pieces()
    {
        var merge = new TenantFeedMerge(0);
        var received = FakeTenantEventsGrain.Of(1, EventTypes.MessageReceived, session: "s", sessionSeq: 5);
        Assert.True(merge.TryTakeLive(Live([received], Delta(4, "s")), out var items));
        Assert.Equal(["delta 4", "1"], Told(items));
        Assert.True(merge.TryTakeLive(Live([], Delta(5, "s")), out items));
        Assert.Equal(["delta 5"], Told(items));
    }

    [Fact]
    public void The_memory_of_whole_messages_is_bounded()
    {
        var merge = new TenantFeedMerge(0);
        for (var seq = 1; seq <= TenantFeedMerge.MaxRemembered + 1; seq++)
            merge.TryTakeLive(Live([Message(seq, 10, $"s{seq}")]), out _);
        Assert.True(merge.TryTakeLive(Live([], Delta(9, "s1"), Delta(9, "s2")), out var items));
        Assert.Equal(["delta 9"], Told(items));
    }

    private static TenantEvent Message(long seq, long sessionSeq = 1, string session = "s") => FakeTenantEventsGrain.Message(seq, sessionSeq, session);

    private static TenantDelta Delta(long sessionSeq, string session = "s") =>
        new() { SessionId = session, SessionSeq = sessionSeq, TurnId = "t", Content = "x", At = FakeTenantEventsGrain.At };

    private static TenantEventPage Page(params long[] seqs) =>
        new() { Events = seqs.Select(seq => Message(seq)).ToArray(), HeadSeq = seqs[^1], FirstSeq = seqs[0] };

    private static TenantEventBatch Live(TenantEvent[] events, params TenantDelta[] deltas) =>
        new() { Events = events, Deltas = deltas, HeadSeq = events.Length == 0 ? 0 : events[^1].Seq };

    private static IEnumerable<string> Told(IEnumerable<TenantFeedItem> items) =>
        items.Select(item => item.Event is { } one ? $"{one.Seq}" : $"delta {item.Delta!.SessionSeq}");
}
