using OpenClaw.Grains.Webhooks;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Tests.Webhooks;

public sealed class DeliveryLanesTests
{
    private readonly DeliveryLanes _lanes = new();

    [Fact]
    public void A_session_s_next_delivery_waits_for_the_one_before()
    {
        Add("a", 1, 2);

        var first = _lanes.Take();
        Assert.Null(_lanes.Take());
        _lanes.End(first!);

        Assert.Equal((1L, 2L), (first!.Seq, _lanes.Take()!.Seq));
    }

    [Fact]
    public void Deliveries_of_one_session_are_taken_in_the_order_of_their_events_however_they_came()
    {
        Add("a", 7, 3, 5);

        Assert.Equal([3, 5, 7], TakeAll());
    }

    [Fact]
    public void Sessions_take_turns_and_events_without_one_wait_for_nobody()
    {
        Add("a", 1, 2, 3);
        Add("b", 4);
        Add("", 5, 6);

        Assert.Equal([1, 4, 5, 6], Enumerable.Range(0, 4).Select(_ => _lanes.Take()!.Seq));
        Assert.Null(_lanes.Take());
    }

    [Fact]
    public void A_delivery_that_is_held_is_not_added_again_until_it_has_ended()
    {
        Add("a", 1, 1);
        var taken = _lanes.Take()!;
        Add("a", 1);
        Assert.Equal(1, _lanes.Count);

        _lanes.End(taken);
        Assert.Equal(0, _lanes.Count);
        _lanes.Look();
        Add("a", 1);

        Assert.Equal([1], TakeAll());
    }

    [Fact]
    public void A_delivery_that_ended_while_it_was_read_is_not_taken_for_one_that_waits()
    {
        Add("a", 1);
        _lanes.Look();
        _lanes.End(_lanes.Take()!);

        Add("a", 1);

        Assert.Equal((0, null), (_lanes.Count, _lanes.Take()));
    }

    private void Add(string session, params long[] seqs)
    {
        foreach (var seq in seqs) _lanes.Add(new DueDelivery(seq, $"evt-{seq}", session, 0, DateTimeOffset.UnixEpoch));
    }

    private List<long> TakeAll()
    {
        var taken = new List<long>();
        while (_lanes.Take() is { } next)
        {
            taken.Add(next.Seq);
            _lanes.End(next);
        }

        return taken;
    }
}
