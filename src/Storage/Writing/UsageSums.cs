using System.Runtime.InteropServices;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Writing;

/// <summary>Sums the usage of a batch, so that a busy tenant's row is written once in a commit.</summary>
internal sealed class UsageSums
{
    private readonly Dictionary<(string Tenant, DateOnly Day, string Model), UsageDelta> _sums = [];

    public int Count => _sums.Count;

    public void Clear() => _sums.Clear();

    public void Add(string tenant, UsageDelta delta)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (tenant, delta.Day, delta.Model), out _);
        sum = sum is null ? delta : sum with
        {
            Turns = sum.Turns + delta.Turns,
            InputTokens = sum.InputTokens + delta.InputTokens,
            OutputTokens = sum.OutputTokens + delta.OutputTokens,
            EstimatedInputTokens = sum.EstimatedInputTokens + delta.EstimatedInputTokens,
            EstimatedOutputTokens = sum.EstimatedOutputTokens + delta.EstimatedOutputTokens,
            Cost = sum.Cost + delta.Cost,
        };
    }

    /// <summary>Parameters of <see cref="Statements.AddUsage"/>, in an order that all writers share.</summary>
    public IEnumerable<SqlValue[]> ToParameters(int shard) => _sums
        .OrderBy(sum => sum.Key.Tenant, StringComparer.Ordinal)
        .ThenBy(sum => sum.Key.Day)
        .ThenBy(sum => sum.Key.Model, StringComparer.Ordinal)
        .Select(sum => new[]
        {
            SqlValue.Of(sum.Key.Tenant), SqlValue.Of(sum.Key.Day), SqlValue.Of(sum.Key.Model), SqlValue.Of(shard),
            SqlValue.Of(sum.Value.Turns), SqlValue.Of(sum.Value.InputTokens), SqlValue.Of(sum.Value.OutputTokens),
            SqlValue.Of(sum.Value.EstimatedInputTokens), SqlValue.Of(sum.Value.EstimatedOutputTokens),
            SqlValue.OfBillionths(sum.Value.Cost),
        });
}
