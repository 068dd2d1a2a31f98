using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;

namespace OpenClaw.Grains.Tests.Sessions;

public sealed class MailboxTests
{
    private static readonly TurnStart Start = new(DateTimeOffset.UnixEpoch.AddSeconds(1), "offline");

    [Fact]
    public void A_message_to_an_idle_session_runs_at_once()
    {
        var placed = Accept(MailboxState.Empty, OverlapRule.Reject, 1);

        Assert.Equal(PlacedAs.Running, placed.As);
        Assert.Equal("offline", placed.Mailbox.Running!.Model);
        Assert.Equal(1000, placed.Mailbox.Running.StartedAt);
    }

    [Fact]
    public void Enqueued_messages_run_in_the_order_in_which_they_came()
    {
        var mailbox = Running();
        var second = Accept(mailbox, OverlapRule.Enqueue, 2);
        var third = Accept(second.Mailbox, OverlapRule.Enqueue, 3);

        var next = Mailbox.Advance(third.Mailbox, Start);
        var last = Mailbox.Advance(next, Start);

        Assert.Equal([second.TurnId, third.TurnId], [next.Running!.TurnId, last.Running!.TurnId]);
        Assert.Equal(MailboxState.Empty, Mailbox.Advance(last, Start));
    }

    [Fact]
    public void Deliveries_are_remembered_beyond_their_turn_the_last_of_a_minute()
    {
        var mailbox = Running();
        for (var number = 1; number <= 20; number++)
            mailbox = Mailbox.Remember(mailbox, Delivery($"d{number}", number));

        mailbox = Mailbox.Advance(mailbox, Start);
        Assert.Equal(Enumerable.Range(5, 16).Select(number => $"d{number}"), mailbox.Deliveries.Select(delivery => delivery.Id));
        Assert.Equal(16, MailboxCodec.Decode(MailboxCodec.Encode(mailbox)).Deliveries.Length);

        var later = Mailbox.Remember(mailbox, Delivery("late", 61_000));
        Assert.Equal("late", Assert.Single(later.Deliveries).Id);
    }

    [Fact]
    public void A_rejected_message_leaves_the_mailbox_as_it_is_and_answers_409() =>
        Assert.Equal(409, Accept(Running(), OverlapRule.Reject, 2).Problem!.Status);

    [Theory]
    [InlineData(OverlapRule.Interrupt, TurnEnding.Cancel)]
    [InlineData(OverlapRule.Rollback, TurnEnding.Rollback)]
    [InlineData(OverlapRule.Enqueue, TurnEnding.None)]
    [InlineData(OverlapRule.Steer, TurnEnding.None)]
    internal void An_interrupting_message_ends_the_running_turn(OverlapRule rule, TurnEnding ending) =>
        Assert.Equal(ending, Mailbox.EndingOf(rule));

    [Fact]
    public void A_turn_that_is_already_ending_keeps_the_way_it_ends()
    {
        var cancelled = Mailbox.End(Running(), TurnEnding.Cancel)!;

        Assert.Equal(TurnEnding.Cancel, cancelled.Running!.Ending);
        Assert.Null(Mailbox.End(cancelled, TurnEnding.Rollback));
        Assert.Null(Mailbox.End(MailboxState.Empty, TurnEnding.Cancel));
    }

    [Fact]
    public void A_steered_message_joins_the_running_turn_with_the_fewer_scopes()
    {
        var mailbox = Accept(MailboxState.Empty, OverlapRule.Enqueue, 1, Scopes.All).Mailbox;

        var placed = Accept(mailbox, OverlapRule.Steer, 2, Scopes.Read | Scopes.Write);

        Assert.Equal(mailbox.Running!.TurnId, placed.TurnId);
        Assert.Equal([2], placed.Mailbox.Running!.Steered);
        Assert.Equal(Scopes.Read | Scopes.Write, placed.Mailbox.Running.Scopes);
        Assert.Empty(placed.Mailbox.Waiting);
    }

    [Fact]
    public void A_message_steered_to_a_turn_that_is_ending_gets_a_turn_of_its_own()
    {
        var ending = Mailbox.End(Running(), TurnEnding.Cancel)!;

        Assert.Equal(PlacedAs.Waiting, Accept(ending, OverlapRule.Steer, 3).As);
    }

    [Fact]
    public void Merged_messages_become_one_waiting_turn()
    {
        var first = Accept(Running(), OverlapRule.Merge, 2);
        var second = Accept(first.Mailbox, OverlapRule.Merge, 3);

        Assert.Equal(first.TurnId, second.TurnId);
        Assert.Equal(2, Assert.Single(second.Mailbox.Waiting).Messages);
    }

    [Theory]
    [InlineData(OverlapRule.Enqueue)]
    [InlineData(OverlapRule.Merge)]
    [InlineData(OverlapRule.Steer)]
    [InlineData(OverlapRule.Interrupt)]
    public void The_message_after_the_last_that_may_wait_is_refused(OverlapRule rule)
    {
        var mailbox = Running();
        for (var seq = 2; seq <= 4; seq++) mailbox = Accept(mailbox, rule, seq).Mailbox;

        Assert.Equal(409, Accept(mailbox, rule, 5).Problem!.Status);
    }

    private static MailboxState Running() => Accept(MailboxState.Empty, OverlapRule.Enqueue, 1).Mailbox;

    private static MailboxPlacement Accept(MailboxState mailbox, OverlapRule rule, long seq, Scopes scopes = Scopes.All) =>
        Mailbox.Accept(mailbox, rule, seq, scopes, maxWaiting: 3, Start, trace: null);

    private static DeliveryState Delivery(string id, long at) => new() { Id = id, TurnId = "turn-1-a", MessageId = "msg-a", Seq = 1, At = at };
}
