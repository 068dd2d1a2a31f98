using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Tests.Scheduling;

public sealed class FairQueueTests
{
    private static readonly TenantId Busy = TenantId.Parse("busy");
    private static readonly TenantId Other = TenantId.Parse("other");

    private readonly Dictionary<TenantId, List<FairSlot>> _held = [];

    [Fact]
    public void A_thousand_waiting_requests_of_one_tenant_delay_anothers_single_one_by_one_slots_time()
    {
        var queue = Queue(1);
        var held = Take(queue, Busy);
        var backlog = Wait(queue, Busy, 1000);
        for (var round = 0; round < 20; round++)
        {
            var single = queue.AcquireAsync(Other, CancellationToken.None);
            Assert.False(single.IsCompleted);
            held.Dispose();
            Assert.True(single.IsCompletedSuccessfully);
            Assert.Equal(round, backlog.Count(request => request.IsCompleted));

            SlotOf(single).Dispose();
            held = SlotOf(backlog[round]);
        }
    }

    [Fact]
    public void A_slot_held_since_an_earlier_time_of_waiting_counts_in_the_next_one()
    {
        var queue = Queue(1);
        var held = Take(queue, Busy);
        var alone = queue.AcquireAsync(Busy, CancellationToken.None);
        held.Dispose();
        Assert.Equal(0, queue.Waiting);

        var backlog = Wait(queue, Busy, 10);
        var single = queue.AcquireAsync(Other, CancellationToken.None);
        SlotOf(alone).Dispose();

        Assert.True(single.IsCompletedSuccessfully);
        Assert.DoesNotContain(backlog, request => request.IsCompleted);
    }

    [Fact]
    public void Requests_of_one_tenant_are_served_first_come_first_served()
    {
        var queue = Queue(1);
        var held = Take(queue, Busy);
        foreach (var request in Wait(queue, Busy, 5))
        {
            Assert.False(request.IsCompleted);
            held.Dispose();
            held = SlotOf(request);
        }
    }

    [Fact]
    public void Two_tenants_that_never_stop_asking_take_turns()
    {
        var served = Serve(Queue(1), 40, Busy, Other);

        Assert.Equal(20, served.Count(tenant => tenant == Other));
        Assert.All(served.Chunk(2), pair => Assert.NotEqual(pair[0], pair[1]));
    }

    [Fact]
    public void A_tenant_of_weight_three_is_served_three_times_as_often()
    {
        var served = Serve(Queue(1, heavy: Other), 400, Busy, Other);

        Assert.InRange(served.Count(tenant => tenant == Other), 299, 301);
    }

    [Fact]
    public void Slots_are_shared_by_their_number_however_long_each_is_held()
    {
        var queue = Queue(8);
        for (var i = 0; i < 8; i++) _ = Take(queue, Busy);
        _ = Wait(queue, Busy, 100);
        var others = Wait(queue, Other, 100);

        // The other tenant's calls are short and the busy one's end one by one.
        for (var i = 0; i < 4; i++) ReleaseOneOf(queue, Busy);
        var done = 0;
        while (done < 50)
        {
            var next = others.Skip(done).First(request => request.IsCompletedSuccessfully);
            SlotOf(next).Dispose();
            done++;
        }

        Assert.Equal(4, others.Skip(done).Count(request => request.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_request_that_is_cancelled_leaves_no_trace()
    {
        var queue = Queue(1);
        var held = Take(queue, Busy);
        using var cancellation = new CancellationTokenSource();
        var cancelled = queue.AcquireAsync(Other, cancellation.Token);
        var patient = queue.AcquireAsync(Busy, CancellationToken.None);

        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => cancelled);
        Assert.Equal((1, 1), (queue.Waiting, queue.Tenants));
        held.Dispose();
        SlotOf(patient).Dispose();

        Assert.Equal((0, 0), (queue.Waiting, queue.Tenants));
        Assert.True(queue.TryAcquire(Other, out _));
    }

    [Fact]
    public async Task A_request_under_a_cancelled_token_does_not_wait()
    {
        var queue = Queue(1);
        var held = Take(queue, Busy);
        await Assert.ThrowsAsync<TaskCanceledException>(() => queue.AcquireAsync(Other, new CancellationToken(canceled: true)));
        held.Dispose();
        Assert.Equal((0, 0), (queue.Waiting, queue.Tenants));
    }

    [Fact]
    public void A_cancellation_that_comes_after_the_grant_takes_nothing_back()
    {
        var queue = Queue(1);
        using var cancellation = new CancellationTokenSource();
        var held = Take(queue, Busy);
        var waiting = queue.AcquireAsync(Other, cancellation.Token);
        held.Dispose();
        cancellation.Cancel();

        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.False(queue.TryAcquire(Busy, out _));
        SlotOf(waiting).Dispose();
        Assert.True(queue.TryAcquire(Busy, out _));
    }

    [Fact]
    public void A_tenant_at_its_cap_waits_while_others_go_on_and_goes_on_when_the_cap_is_raised()
    {
        var queue = Queue(int.MaxValue);
        var first = Take(queue, Busy, cap: 1);
        var second = queue.AcquireAsync(Busy, CancellationToken.None, cap: 1);
        var third = queue.AcquireAsync(Busy, CancellationToken.None, cap: 1);
        Assert.False(second.IsCompleted);
        Assert.True(queue.TryAcquire(Other, out _, cap: 1));
        Assert.Equal([Busy], queue.WaitingTenants());

        first.Dispose();
        Assert.True(second.IsCompletedSuccessfully);
        Assert.False(third.IsCompleted);
        queue.SetCap(Busy, 2);
        Assert.True(third.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Many_threads_never_hold_more_than_there_is_and_leave_it_whole()
    {
        var queue = Queue(3);
        var held = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            var tenant = TenantId.Parse($"t-{number % 3}");
            for (var i = 0; i < 2000; i++)
            {
                using var slot = await queue.AcquireAsync(tenant, CancellationToken.None);
                var now = Interlocked.Increment(ref held);
                if (now > 3) Interlocked.Exchange(ref most, now);
                Interlocked.Decrement(ref held);
            }
        })));

        Assert.Equal(0, most);
        Assert.Equal((0, 0), (queue.Waiting, queue.Tenants));
        for (var i = 0; i < 3; i++) Assert.True(queue.TryAcquire(Busy, out _));
        Assert.False(queue.TryAcquire(Busy, out _));
    }

    private static FairSlot SlotOf(Task<FairSlot> granted)
    {
        Assert.True(granted.IsCompletedSuccessfully);
        return granted.Result;
    }

    private static FairQueue Queue(int slots, TenantId? heavy = null) =>
        new("test", slots, tenant => tenant == heavy ? 3 : 1, new FakeTimeProvider());

    private FairSlot Take(FairQueue queue, TenantId tenant, int cap = int.MaxValue)
    {
        Assert.True(queue.TryAcquire(tenant, out var slot, cap));
        if (!_held.TryGetValue(tenant, out var slots)) _held[tenant] = slots = [];
        slots.Add(slot);
        return slot;
    }

    private void ReleaseOneOf(FairQueue queue, TenantId tenant)
    {
        var waiting = queue.Waiting;
        _held[tenant][^1].Dispose();
        _held[tenant].RemoveAt(_held[tenant].Count - 1);
        Assert.Equal(waiting - 1, queue.Waiting);
    }

    private static List<Task<FairSlot>> Wait(FairQueue queue, TenantId tenant, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => queue.AcquireAsync(tenant, CancellationToken.None))];

    /// <summary>Who is served, one slot after the other, while each tenant always has requests waiting.</summary>
    private static List<TenantId> Serve(FairQueue queue, int count, params TenantId[] tenants)
    {
        Assert.True(queue.TryAcquire(TenantId.Default, out var slot));
        var waiting = tenants.ToDictionary(tenant => tenant, tenant => new Queue<Task<FairSlot>>(Wait(queue, tenant, count)));
        var served = new List<TenantId>();
        while (served.Count < count)
        {
            slot.Dispose();
            var next = waiting.Single(entry => entry.Value.Peek().IsCompleted);
            served.Add(next.Key);
            slot = SlotOf(next.Value.Dequeue());
        }

        return served;
    }
}
