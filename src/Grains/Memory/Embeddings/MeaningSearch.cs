using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>
/// Finds entries by their vectors: the nearest by signature of all of the namespace's, then by the vectors of those. Signatures
/// are read and let go, so that no namespace takes memory.
/// </summary>
internal sealed class MeaningSearch(IMemoryVectors vectors, IOptions<EmbeddingOptions> options)
{
    /// <summary>Entries whose vectors are compared.</summary>
    private const int MaxCompared = 200;

    /// <summary>Similarities of entries to the query: 0 to 1, the least ones left out.</summary>
    public async Task<IReadOnlyDictionary<long, double>> FindAsync(
        MemoryNamespaceKey key, string? category, float[] query, CancellationToken cancellationToken)
    {
        var nearest = new Nearest(VectorCode.Signature(query));
        await vectors.ScanAsync(key, category, nearest, static (id, signature, nearest) => nearest.Take(id, signature.Span), cancellationToken);
        var unit = VectorCode.Unit(query);
        var found = new Dictionary<long, double>();
        foreach (var (id, vector) in await vectors.ReadAsync(nearest.Ids, cancellationToken))
        {
            var similarity = Similarity(VectorCode.Cosine(vector, unit));
            if (similarity > 0) found[id] = similarity;
        }

        return found;
    }

    private double Similarity(double cosine)
    {
        var (least, full) = (options.Value.LeastSimilarity, options.Value.FullSimilarity);
        return Math.Clamp((cosine - least) / (full - least), 0, 1);
    }

    private sealed class Nearest(byte[] signature)
    {
        private readonly PriorityQueue<long, int> _kept = new();

        public IReadOnlyCollection<long> Ids => [.. _kept.UnorderedItems.Select(item => item.Element)];

        public void Take(long id, ReadOnlySpan<byte> other)
        {
            var distance = VectorCode.Distance(signature, other);
            if (distance == int.MaxValue) return;
            // The queue gives up its least first: the farthest.
            if (_kept.Count < MaxCompared) _kept.Enqueue(id, -distance);
            else _kept.EnqueueDequeue(id, -distance);
        }
    }
}
