using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Storage.Webhooks;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>How what is due is worked off.</summary>
public sealed class DeliveryLoopTests
{
    private static readonly DeliveryAnswer Delivered = new(null, 200, "");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly Work _work;
    private readonly WebhookSlots _slots;

    public DeliveryLoopTests()
    {
        _work = new Work(_time);
        _slots = new WebhookSlots(new FairQueues(Options.Create(new FairnessOptions()), _time));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_that_are_due_are_worked_off_in_pieces_each_once()
    {
        for (var seq = 1; seq <= 10_000; seq++) _work.Add(seq, seq % 3 == 0 ? "" : $"sess-{seq % 7}");
        _work.Answer = static async (_, _) =>
        {
            await Task.Yield();
            return Delivered;
        };

        var end = await RunAsync();

        Assert.Equal(new DeliveryEnd(null, false), end);
        Assert.Equal(Enumerable.Range(1, 10_000).Select(seq => (long)seq), _work.Ended.Select(ended => ended.Delivery.Seq).Order());
        Assert.All(
            _work.Ended.Where(ended => ended.Delivery.SessionId.Length > 0).GroupBy(ended => ended.Delivery.SessionId),
            session => Assert.Equal(session.Select(ended => ended.Delivery.Seq).Order(), session.Select(ended => ended.Delivery.Seq)));
        Assert.Equal(DeliveryLoop.AtOnce, _work.MostAtOnce);
        Assert.True(_work.LargestPage <= DeliveryLoop.MaxHeld + 1, $"{_work.LargestPage} were read at once");
        // A piece is not read anew for each that was sent.
        Assert.True(_work.Pages < 10_000 / 16, $"{_work.Pages} pages were read");
    }

    [Fact]
    public async Task One_session_s_backlog_does_not_keep_others_from_being_sent()
    {
        var first = new TaskCompletionSource<DeliveryAnswer>();
        _work.Answer = (delivery, _) => delivery.SessionId == "slow" ? first.Task : Task.FromResult(Delivered);
        for (var seq = 1; seq <= 40; seq++) _work.Add(seq, "slow");
        for (var seq = 41; seq <= 60; seq++) _work.Add(seq, "quick");

        var running = RunAsync();
        await Eventually.IsSoAsync(() => _work.Ended.Count >= 20);
        Assert.All(_work.Ended, ended => Assert.Equal("quick", ended.Delivery.SessionId));
        first.SetResult(Delivered);

        Assert.Null((await running).NextAt);
        Assert.Equal(60, _work.Ended.Count);
    }

    [Fact]
    public async Task What_comes_while_others_are_under_way_is_sent_at_once()
    {
        var first = new TaskCompletionSource<DeliveryAnswer>();
        _work.Answer = (delivery, _) => delivery.Seq == 1 ? first.Task : Task.FromResult(Delivered);
        _work.Add(1);
        var loop = Loop();
        var running = OneByOne(() => loop.RunAsync(Target, Cancellation));
        await Eventually.IsSoAsync(() => _work.AtOnce > 0);

        _work.Add(2);
        loop.Ring();
        await Eventually.IsSoAsync(() => _work.Ended.Count > 0);
        first.SetResult(Delivered);
        await running;

        Assert.Equal([2, 1], _work.Ended.Select(ended => ended.Delivery.Seq));
    }

    [Fact]
    public async Task What_is_not_due_yet_is_left_and_the_loop_says_until_when()
    {
        _work.Add(1);
        _work.Add(2, dueIn: TimeSpan.FromMinutes(5));

        Assert.Equal(new DeliveryEnd(_time.GetUtcNow() + TimeSpan.FromMinutes(5), false), await RunAsync());
        Assert.Equal([1], _work.Ended.Select(ended => ended.Delivery.Seq));
    }

    [Fact]
    public async Task What_fails_is_due_again_after_its_wait()
    {
        _work.Answer = static (_, _) => Task.FromResult(new DeliveryAnswer(DeliveryFailure.Status, 500, "no"));
        _work.Add(1);

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(5), (await RunAsync()).NextAt);

        var attempt = Assert.Single(_work.Ended).Attempt;
        Assert.Equal((WebhookDeliveryStatus.Pending, 500, "no", "Status"), (attempt.Status, attempt.ResponseStatus, attempt.ResponseBody, attempt.Error));
    }

    [Fact]
    public async Task What_becomes_due_while_others_hang_is_sent()
    {
        var first = new TaskCompletionSource<DeliveryAnswer>();
        _work.Answer = (delivery, _) => delivery.Seq == 1 ? first.Task : Task.FromResult(Delivered);
        _work.Add(1);
        _work.Add(2, dueIn: TimeSpan.FromSeconds(30));
        var running = RunAsync();
        await Eventually.IsSoAsync(() => _work.AtOnce > 0);

        // The wait may begin after the step of the clock.
        await Eventually.IsSoAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            return _work.Ended.Count > 0;
        });

        first.SetResult(Delivered);
        await running;
    }

    [Fact]
    public async Task After_a_410_nothing_more_is_begun()
    {
        _work.Answer = static (_, _) => Task.FromResult(new DeliveryAnswer(DeliveryFailure.Gone, 410, ""));
        for (var seq = 1; seq <= 100; seq++) _work.Add(seq);

        Assert.True((await RunAsync()).IsGone);

        Assert.InRange(_work.Ended.Count, 1, DeliveryLoop.AtOnce);
        Assert.All(_work.Ended, ended => Assert.Equal(WebhookDeliveryStatus.Failed, ended.Attempt.Status));
    }

    [Fact]
    public async Task A_failing_database_ends_the_loop_and_leaves_what_waits()
    {
        _work.Failure = new IOException("The test let this fail.");
        for (var seq = 1; seq <= 20; seq++) _work.Add(seq);

        await Assert.ThrowsAsync<IOException>(() => RunAsync());

        Assert.Equal(0, _work.AtOnce);
        Assert.Equal(20, _work.Waiting);
        Assert.InRange(_work.Sent, 1, DeliveryLoop.AtOnce);
    }

    [Fact]
    public async Task A_loop_that_is_cancelled_leaves_nothing_under_way()
    {
        using var cancellation = new CancellationTokenSource();
        _work.Answer = static async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return Delivered;
        };
        _work.Add(1);
        var running = OneByOne(() => Loop().RunAsync(Target, cancellation.Token));
        await Eventually.IsSoAsync(() => _work.AtOnce > 0);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal((0, 1), (_work.AtOnce, _work.Waiting));
    }

    [Fact]
    public async Task A_tenant_that_has_all_the_slots_it_may_leaves_some_to_others()
    {
        var hanging = new List<Task>();
        for (var webhook = 0; webhook < 8; webhook++)
        {
            var work = new Work(_time) { Answer = static async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return Delivered;
            } };
            for (var seq = 1; seq <= 8; seq++) work.Add(seq);
            hanging.Add(OneByOne(() => Loop(work, "greedy").RunAsync(Target, Cancellation)));
        }

        _work.Add(1);
        await RunAsync();

        Assert.Single(_work.Ended);
        Assert.All(hanging, loop => Assert.False(loop.IsCompleted));
    }

    private static WebhookTarget Target { get; } = new(new Uri("http://receiver.example/"), []);

    private DeliveryLoop Loop(Work? work = null, string tenant = "acme") => new(TenantId.Parse(tenant), work ?? _work, _slots, static () => 0.5, _time);

    private Task<DeliveryEnd> RunAsync() => OneByOne(() => Loop().RunAsync(Target, Cancellation));

    /// <summary>On a scheduler that runs nothing beside itself, as a grain does.</summary>
    private static Task<DeliveryEnd> OneByOne(Func<Task<DeliveryEnd>> run) => Task.Factory.StartNew(
        run, Cancellation, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    /// <summary>One webhook's deliveries in memory.</summary>
    private sealed class Work(TimeProvider time) : IDeliveryWork
    {
        private readonly Lock _lock = new();
        private readonly SortedDictionary<(DateTimeOffset DueAt, long Seq), DueDelivery> _waiting = [];
        private readonly List<(DueDelivery Delivery, DeliveryAttemptState Attempt)> _ended = [];
        private int _atOnce;

        public Func<DueDelivery, CancellationToken, Task<DeliveryAnswer>> Answer { get; set; } = static (_, _) => Task.FromResult(Delivered);

        /// <summary>Makes writing fail.</summary>
        public Exception? Failure { get; set; }

        public int LargestPage { get; private set; }

        public int Pages { get; private set; }

        public int MostAtOnce { get; private set; }

        public int Sent { get; private set; }

        public int AtOnce => Volatile.Read(ref _atOnce);

        public int Waiting
        {
            get
            {
                lock (_lock) return _waiting.Count;
            }
        }

        public IReadOnlyList<(DueDelivery Delivery, DeliveryAttemptState Attempt)> Ended
        {
            get
            {
                lock (_lock) return [.. _ended];
            }
        }

        public void Add(long seq, string session = "", TimeSpan dueIn = default)
        {
            lock (_lock) Put(new DueDelivery(seq, $"evt-{seq}", session, 0, time.GetUtcNow() + dueIn));
        }

        public async ValueTask<IReadOnlyList<DueDelivery>> ListNextAsync(int limit, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (_lock)
            {
                Pages++;
                LargestPage = Math.Max(LargestPage, Math.Min(limit, _waiting.Count));
                return [.. _waiting.Values.Take(limit)];
            }
        }

        public async Task<DeliveryAnswer> SendAsync(DueDelivery delivery, WebhookTarget target, CancellationToken cancellationToken)
        {
            lock (_lock) (Sent, MostAtOnce) = (Sent + 1, Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce)));
            try
            {
                return await Answer(delivery, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _atOnce);
            }
        }

        public Task<bool> EndAttemptAsync(DueDelivery delivery, DeliveryAttemptState attempt)
        {
            if (Failure is { } failure) return Task.FromException<bool>(failure);
            lock (_lock)
            {
                Assert.True(_waiting.Remove((delivery.DueAt, delivery.Seq)));
                _ended.Add((delivery, attempt));
                if (attempt.NextAt is { } next) Put(delivery with { Attempts = delivery.Attempts + 1, DueAt = next });
            }

            return Task.FromResult(true);
        }

        private void Put(DueDelivery delivery) => _waiting.Add((delivery.DueAt, delivery.Seq), delivery);
    }
}
