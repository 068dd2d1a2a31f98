using System.Runtime.InteropServices;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Writing;

/// <summary>Sums the usage of a batch, so that a busy tenant's row is written once in a commit.</summary>
internal sealed class UsageSums
{
    private readonly Dictionary<(string Tenant, DateOnly Day, string Model), (long Turns, long Input, long Output)> _sums = [];

    public int Count => _sums.Count;

    public void Clear() => _sums.Clear();

    public void Add(string tenant, UsageDelta delta)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (tenant, delta.Day, delta.Model), out _);
        sum = (sum.Turns + delta.Turns, sum.Input + delta.InputTokens, sum.Output + delta.OutputTokens);
    }

    /// <summary>Parameters of <see cref="Statements.AddUsage"/>, in an order that all writers share.</summary>
    public IEnumerable<SqlValue[]> ToParameters(int shard) => _sums
        .OrderBy(sum => sum.Key.Tenant, StringComparer.Ordinal)
        .ThenBy(sum => sum.Key.Day)
        .ThenBy(sum => sum.Key.Model, StringComparer.Ordinal)
        .Select(sum => new[]
        {
            SqlValue.Of(sum.Key.Tenant), SqlValue.Of(sum.Key.Day), SqlValue.Of(sum.Key.Model), SqlValue.Of(shard),
            SqlValue.Of(sum.Value.Turns), SqlValue.Of(sum.Value.Input), SqlValue.Of(sum.Value.Output),
        });
}
