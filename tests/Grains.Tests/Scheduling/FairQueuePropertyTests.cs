using CsCheck;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Tests.Scheduling;

/// <summary>Whatever tenants do, in whatever order.</summary>
public sealed class FairQueuePropertyTests
{
    private const long Iterations = 3_000;

    private static readonly TenantId[] Tenants = [.. Enumerable.Range(0, 5).Select(number => TenantId.Parse($"t{number}"))];

    private static readonly Gen<(int Kind, int Tenant, int Pick)[]> Deeds =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, Tenants.Length - 1], Gen.Int[0, 1000]).Array[1, 120];

    private static readonly Gen<int[]> Weights = Gen.Int[1, 4].Array[Tenants.Length];

    [Fact]
    public void No_slot_is_lost_doubled_or_idle_while_somebody_waits() =>
        Gen.Select(Gen.Int[1, 6], Weights, Deeds).Sample(
            (slots, weights, deeds) =>
            {
                var run = new Run(slots, weights);
                foreach (var deed in deeds)
                {
                    run.Do(deed);
                    if (run.Held > slots || (run.Held < slots && run.Waiting > 0) || run.Queue.Waiting != run.Waiting) return false;
                }

                run.ReleaseAll();
                return run is { Held: 0, Waiting: 0, Queue.Waiting: 0, Queue.Tenants: 0 };
            },
            iter: Iterations);

    [Fact]
    public void A_tenants_single_request_is_overtaken_by_one_of_each_other_tenant_at_most() =>
        Gen.Select(Gen.Int[1, 6], Weights, Deeds).Sample(
            (slots, weights, deeds) =>
            {
                var run = new Run(slots, weights);
                foreach (var deed in deeds) run.Do(deed);
                var newcomer = TenantId.Parse("newcomer");
                for (var i = 0; i < slots + 1000; i++) run.Ask(Tenants[0]);
                var single = run.Queue.AcquireAsync(newcomer, CancellationToken.None);
                for (var before = run.WaitingTenants; before >= 0 && !single.IsCompleted; before--) run.ReleaseAny(0);
                return single.IsCompletedSuccessfully;
            },
            iter: Iterations);

    [Fact]
    public void With_one_busy_tenant_of_a_thousand_the_next_free_slot_is_anothers() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 200], Gen.Int[0, 1000]).Sample(
            (slots, served, pick) =>
            {
                var run = new Run(slots, [1, 1, 1, 1, 1]);
                for (var i = 0; i < 1000 + slots; i++) run.Ask(Tenants[0]);
                for (var i = 0; i < served; i++) run.ReleaseAny(pick + i);
                var single = run.Queue.AcquireAsync(Tenants[1], CancellationToken.None);
                if (single.IsCompleted) return false;
                run.ReleaseAny(pick);
                return single.IsCompletedSuccessfully;
            },
            iter: 300);

    [Fact]
    public void Tenants_that_never_stop_asking_are_served_by_their_weights() =>
        Gen.Select(Weights, Gen.Int[0, 1000]).Sample(
            (weights, pick) =>
            {
                var run = new Run(1, weights);
                var rounds = 40 * weights.Sum();
                foreach (var tenant in Tenants)
                {
                    for (var i = 0; i < rounds; i++) run.Ask(tenant);
                }

                for (var i = 0; i < rounds; i++) run.ReleaseAny(pick);
                return Tenants.Select((tenant, index) => Math.Abs(run.ServedTo(tenant) - (40 * weights[index])) <= 2).All(fair => fair);
            },
            iter: 200);

    /// <summary>A queue and what is held and wanted of it.</summary>
    private sealed class Run
    {
        private readonly List<(TenantId Tenant, Task<FairSlot> Slot, CancellationTokenSource Cancellation)> _requests = [];
        private readonly Dictionary<TenantId, int> _served = [];

        public Run(int slots, int[] weights) => Queue = new FairQueue(
            "test", slots, tenant => Array.IndexOf(Tenants, tenant) is >= 0 and var index ? weights[index] : 1, TimeProvider.System);

        public FairQueue Queue { get; }

        public int Held => _requests.Count(request => request.Slot.IsCompletedSuccessfully);

        public int Waiting => _requests.Count - Held;

        public int WaitingTenants =>
            _requests.Where(request => !request.Slot.IsCompleted).Select(request => request.Tenant).Distinct().Count();

        public int ServedTo(TenantId tenant) => _served.GetValueOrDefault(tenant);

        public void Do((int Kind, int Tenant, int Pick) deed)
        {
            switch (deed.Kind)
            {
                case <= 4:
                    Ask(Tenants[deed.Tenant]);
                    break;
                case <= 8:
                    ReleaseAny(deed.Pick);
                    break;
                default:
                    CancelAny(deed.Pick);
                    break;
            }
        }

        public void Ask(TenantId tenant)
        {
            var cancellation = new CancellationTokenSource();
            _requests.Add((tenant, Queue.AcquireAsync(tenant, cancellation.Token), cancellation));
        }

        public void ReleaseAny(int pick)
        {
            var held = _requests.Where(request => request.Slot.IsCompletedSuccessfully).ToArray();
            if (held.Length == 0) return;
            var request = held[pick % held.Length];
            _requests.Remove(request);
            _served[request.Tenant] = ServedTo(request.Tenant) + 1;
            request.Slot.Result.Dispose();
        }

        public void ReleaseAll()
        {
            while (_requests.Count > 0) ReleaseAny(0);
        }

        private void CancelAny(int pick)
        {
            var waiting = _requests.Where(request => !request.Slot.IsCompleted).ToArray();
            if (waiting.Length == 0) return;
            var request = waiting[pick % waiting.Length];
            _requests.Remove(request);
            request.Cancellation.Cancel();
        }
    }
}
