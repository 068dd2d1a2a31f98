using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Idempotency;

namespace OpenClaw.Grains.Tests.Idempotency;

[Collection(ClusterCollection.Name)]
public sealed class IdempotencyGrainTests(ClusterFixture cluster)
{
    private static readonly StoredAnswer Answer = new(201, "/api/things/1", JsonPayload.From("""{"id":"物品-1"}"""));
    private static readonly IdempotencyKey Request = new("POST /api/things", "k-1", "body");

    private static readonly Guid First = Guid.NewGuid();

    private readonly TestSilo _silo = cluster.Silo;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_50_parallel_requests_one_starts_and_the_others_get_its_answer()
    {
        var grain = NewGrain();
        var requests = Enumerable.Range(0, 50).Select(_ => Task.Run(() => BeginAsync(grain, Request))).ToList();

        var first = await Task.WhenAny(requests);
        requests.Remove(first);
        Assert.Equal(IdempotencyOutcome.Started, (await first).Outcome);
        await grain.Complete(Answer, Token);

        Assert.All(await Task.WhenAll(requests), AssertReplay);
    }

    [Fact]
    public async Task A_refused_request_lets_exactly_one_of_those_who_wait_start()
    {
        var grain = NewGrain();
        await grain.Begin(Request, First, Token);
        var waiting = Enumerable.Range(0, 10).Select(_ => BeginAsync(grain, Request)).ToList();

        await grain.Abandon(First, Token);
        var second = await Task.WhenAny(waiting);
        waiting.Remove(second);
        Assert.Equal(IdempotencyOutcome.Started, (await second).Outcome);
        await grain.Complete(Answer, Token);

        Assert.All(await Task.WhenAll(waiting), AssertReplay);
    }

    [Fact]
    public async Task Another_body_is_told_so_under_way_and_afterwards()
    {
        var grain = NewGrain();
        await BeginAsync(grain, Request);
        var other = Request with { Fingerprint = "another body" };

        Assert.Equal(IdempotencyOutcome.Mismatch, (await BeginAsync(grain, other)).Outcome);
        await grain.Complete(Answer, Token);
        Assert.Equal(IdempotencyOutcome.Mismatch, (await BeginAsync(grain, other)).Outcome);
        await _silo.DeactivateAsync(grain);
        Assert.Equal(IdempotencyOutcome.Mismatch, (await BeginAsync(grain, other)).Outcome);
        AssertReplay(await BeginAsync(grain, Request));
    }

    [Fact]
    public async Task A_second_request_waits_3_seconds_and_is_told_that_the_first_is_under_way()
    {
        var grain = NewGrain();
        await BeginAsync(grain, Request);
        var second = BeginAsync(grain, Request);
        await _silo.Time.AwaitedAsync(TimeSpan.FromSeconds(3));

        _silo.Time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.False(second.IsCompleted);
        _silo.Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(IdempotencyOutcome.InProgress, (await second).Outcome);
        await grain.Complete(Answer, Token);
        AssertReplay(await BeginAsync(grain, Request));
    }

    [Fact]
    public async Task An_answer_is_kept_for_24_hours_and_no_longer()
    {
        var grain = NewGrain();
        await BeginAsync(grain, Request);
        await grain.Complete(Answer, Token);

        _silo.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        AssertReplay(await BeginAsync(grain, Request));
        _silo.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(IdempotencyOutcome.Started, (await BeginAsync(grain, Request with { Fingerprint = "new" })).Outcome);
    }

    [Fact]
    public async Task A_lost_activation_leaves_an_unknown_outcome_until_the_answer_comes()
    {
        var grain = NewGrain();
        await BeginAsync(grain, Request);
        await _silo.DeactivateAsync(grain);

        Assert.Equal(IdempotencyOutcome.OutcomeUnknown, (await BeginAsync(grain, Request)).Outcome);
        Assert.Equal(IdempotencyOutcome.OutcomeUnknown, (await BeginAsync(grain, Request)).Outcome);

        // The front-end that began it still lives and brings the answer.
        await grain.Complete(Answer, Token);
        AssertReplay(await BeginAsync(grain, Request));
    }

    [Fact]
    public async Task An_answer_that_comes_to_an_activation_which_never_saw_the_request_is_kept()
    {
        var grain = NewGrain();
        await BeginAsync(grain, Request);
        await _silo.DeactivateAsync(grain);

        await grain.Complete(Answer, Token);

        AssertReplay(await BeginAsync(grain, Request));
    }

    [Fact]
    public async Task A_refusal_that_comes_to_an_activation_which_never_saw_the_request_frees_the_key()
    {
        var grain = NewGrain();
        await grain.Begin(Request, First, Token);
        await _silo.DeactivateAsync(grain);

        await grain.Abandon(First, Token);

        Assert.Equal(IdempotencyOutcome.Started, (await BeginAsync(grain, Request)).Outcome);
    }

    [Fact]
    public async Task After_a_crash_an_answered_request_is_replayed_and_an_unanswered_one_is_unknown()
    {
        using var directory = new TestDirectory();
        var (answered, cut) = (NewKey(), NewKey());
        await using (var silo = await TestSilo.StartAsync(directory.Path))
        {
            await BeginAsync(Grain(silo, answered), Request);
            await Grain(silo, answered).Complete(Answer, Token);
            await BeginAsync(Grain(silo, cut), Request);
            await silo.KillAsync();
        }

        await using var restarted = await TestSilo.StartAsync(directory.Path);

        AssertReplay(await BeginAsync(Grain(restarted, answered), Request));
        Assert.Equal(IdempotencyOutcome.OutcomeUnknown, (await BeginAsync(Grain(restarted, cut), Request)).Outcome);
    }

    [Fact]
    public async Task A_request_whose_intent_could_not_be_confirmed_may_be_sent_again()
    {
        using var directory = new TestDirectory();
        var broken = true;
        await using var silo = await StartFaultyAsync(directory, after: method => broken && method == nameof(IIdempotencyStore.TryInsertAsync));
        var grain = Grain(silo, NewKey());

        await Assert.ThrowsAsync<FaultException>(() => BeginAsync(grain, Request));
        broken = false;

        Assert.Equal(IdempotencyOutcome.Started, (await BeginAsync(grain, Request)).Outcome);
    }

    [Fact]
    public async Task A_refusal_that_could_not_be_stored_still_frees_the_key()
    {
        using var directory = new TestDirectory();
        var broken = true;
        await using var silo = await StartFaultyAsync(directory, before: method => broken && method == nameof(IIdempotencyStore.RemoveAsync));
        var grain = Grain(silo, NewKey());
        await grain.Begin(Request, First, Token);

        await Assert.ThrowsAsync<FaultException>(() => grain.Abandon(First, Token));
        broken = false;

        Assert.Equal(IdempotencyOutcome.Started, (await BeginAsync(grain, Request)).Outcome);
    }

    [Fact]
    public async Task An_answer_that_could_not_be_stored_is_still_given_to_those_who_wait()
    {
        using var directory = new TestDirectory();
        await using var silo = await StartFaultyAsync(directory, before: method => method == nameof(IIdempotencyStore.CompleteAsync));
        var grain = Grain(silo, NewKey());
        await BeginAsync(grain, Request);

        await Assert.ThrowsAsync<FaultException>(() => grain.Complete(Answer, Token));

        AssertReplay(await BeginAsync(grain, Request));
    }

    [Fact]
    public async Task A_request_that_got_no_answer_begins_once_more_here_and_in_an_activation_which_never_saw_it()
    {
        var grain = NewGrain();
        await grain.Begin(Request, First, Token);

        Assert.Equal(IdempotencyOutcome.Started, (await grain.Begin(Request, First, Token)).Outcome);
        await _silo.DeactivateAsync(grain);
        Assert.Equal(IdempotencyOutcome.Started, (await grain.Begin(Request, First, Token)).Outcome);
        await grain.Complete(Answer, Token);

        AssertReplay(await BeginAsync(grain, Request));
    }

    [Fact]
    public async Task A_refusal_that_is_told_twice_does_not_free_the_key_of_the_next_request()
    {
        var grain = NewGrain();
        await grain.Begin(Request, First, Token);
        await grain.Abandon(First, Token);
        await BeginAsync(grain, Request);

        await grain.Abandon(First, Token);
        await _silo.DeactivateAsync(grain);

        Assert.Equal(IdempotencyOutcome.OutcomeUnknown, (await BeginAsync(grain, Request)).Outcome);
    }

    private static Task<IdempotencyClaim> BeginAsync(IIdempotencyGrain grain, IdempotencyKey key) => grain.Begin(key, Guid.NewGuid(), Token);

    private static Task<TestSilo> StartFaultyAsync(TestDirectory directory, Func<string, bool>? before = null, Func<string, bool>? after = null) =>
        TestSilo.StartAsync(directory.Path, configure: services =>
        {
            var store = services.Last(service => service.ServiceType == typeof(IIdempotencyStore));
            services.AddSingleton(provider => Fault<IIdempotencyStore>.Wrap(
                (IIdempotencyStore)ActivatorUtilities.CreateInstance(provider, store.ImplementationType!), before, after));
        });

    private static void AssertReplay(IdempotencyClaim claim)
    {
        Assert.Equal(IdempotencyOutcome.Replay, claim.Outcome);
        Assert.Equal((Answer.Status, Answer.Location), (claim.Answer!.Status, claim.Answer.Location));
        Assert.Equal(Answer.Body.ToString(), claim.Answer.Body.ToString());
    }

    private static string NewKey() => new IdempotencyGrainKey(TenantId.Default, $"{Guid.NewGuid():n}").ToString();

    private static IIdempotencyGrain Grain(TestSilo silo, string key) => silo.Grains.GetGrain<IIdempotencyGrain>(key);

    private IIdempotencyGrain NewGrain() => Grain(_silo, NewKey());
}
