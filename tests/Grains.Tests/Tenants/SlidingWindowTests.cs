using CsCheck;
using OpenClaw.Grains.Tenants;

namespace OpenClaw.Grains.Tests.Tenants;

public sealed class SlidingWindowTests
{
    private const long Length = 60_000;

    [Fact]
    public void As_many_as_the_limit_are_counted_and_no_more()
    {
        var window = new SlidingWindow(Length, 0);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.NotNull(window.TryAcquire(5, 100)));
        Assert.Null(window.TryAcquire(5, 100));
        Assert.Null(window.TryAcquire(5 + Length - 1, 100));
        Assert.Equal(100, window.Count);
    }

    [Fact]
    public void A_request_leaves_exactly_when_it_is_as_old_as_the_window()
    {
        var window = new SlidingWindow(Length, 0);
        window.TryAcquire(10, 2);
        window.TryAcquire(20, 2);

        Assert.Null(window.TryAcquire(9 + Length, 2));
        Assert.Equal(1, window.UntilNext(9 + Length, 2));
        Assert.NotNull(window.TryAcquire(10 + Length, 2));
        Assert.Null(window.TryAcquire(19 + Length, 2));
        Assert.NotNull(window.TryAcquire(20 + Length, 2));
    }

    [Fact]
    public void A_lowered_limit_waits_until_enough_have_left()
    {
        var window = new SlidingWindow(Length, 0);
        for (var at = 0; at < 10; at++)
            window.TryAcquire(at, 10);

        Assert.Null(window.TryAcquire(10, 3));
        // Eight have to leave, and the eighth came at 7.
        Assert.Equal(7 + Length - 10, window.UntilNext(10, 3));
        Assert.Null(window.TryAcquire(6 + Length, 3));
        Assert.NotNull(window.TryAcquire(7 + Length, 3));
    }

    [Fact]
    public void A_released_request_leaves_room_for_one_more_and_only_once()
    {
        var window = new SlidingWindow(Length, 0);
        var ticket = window.TryAcquire(0, 1);

        Assert.True(window.Release(ticket!.Value));
        Assert.False(window.Release(ticket.Value));
        Assert.NotNull(window.TryAcquire(0, 1));
        Assert.Null(window.TryAcquire(0, 1));
    }

    /// <summary>Against a list that is searched from end to end.</summary>
    [Fact]
    public void Any_order_of_requests_releases_and_limits_counts_as_a_plain_list_would()
    {
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 40], Gen.Int[1, 40]);
        step.Array[1, 300].Sample(steps =>
        {
            var window = new SlidingWindow(100, 7);
            var list = new List<(long At, long Ticket)>();
            long now = 0;
            var limit = 20;
            foreach (var (kind, argument, newLimit) in steps)
            {
                if (kind == 0)
                    limit = newLimit;
                else if (kind <= 2 && list.Count > 0)
                {
                    var taken = list[argument % list.Count];
                    Assert.True(window.Release(taken.Ticket));
                    list.Remove(taken);
                }
                else
                {
                    now += argument % 7;
                    list.RemoveAll(entry => now - entry.At >= 100);
                    var ticket = window.TryAcquire(now, limit);
                    Assert.Equal(list.Count < limit, ticket is not null);
                    if (ticket is { } granted)
                        list.Add((now, granted));
                    Assert.Equal(list.Count, window.Count);
                    Assert.Equal(list.Count < limit ? 0 : list[list.Count - limit].At + 100 - now, window.UntilNext(now, limit));
                }
            }
        });
    }
}
