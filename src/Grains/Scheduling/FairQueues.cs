using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Scheduling;

/// <summary>Makes this silo's queues: all of them weigh tenants alike.</summary>
internal sealed class FairQueues
{
    private readonly TimeProvider _time;
    private readonly Dictionary<TenantId, int> _weights;

    public FairQueues(IOptions<FairnessOptions> options, TimeProvider time)
    {
        _time = time;
        _weights = options.Value.Weights.ToDictionary(entry => TenantId.Parse(entry.Key), entry => entry.Value);
        Tools = Create("tools", options.Value.ToolCalls);
    }

    /// <summary>Tool calls.</summary>
    public FairQueue Tools { get; }

    /// <inheritdoc cref="FairQueue(string, int, Func{TenantId, int}, TimeProvider)"/>
    public FairQueue Create(string name, int slots) => new(name, slots, WeightOf, _time);

    private int WeightOf(TenantId tenant) => _weights.GetValueOrDefault(tenant, 1);
}
