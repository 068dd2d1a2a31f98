using System.ComponentModel.DataAnnotations;
using OpenClaw.Grains.Models;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>
/// The model by which memories are found by meaning too. Section <c>OpenClaw:Memory:Embeddings</c>; address and key are the
/// OpenAI-compatible server's of the conversations unless set here.
/// </summary>
public sealed class EmbeddingOptions
{
    public const string Section = "OpenClaw:Memory:Embeddings";

    /// <summary>The embedding model's name; unset, memories are found by their text alone. Another name has all entries embedded anew.</summary>
    [StringLength(200)]
    public string? Model { get; set; }

    /// <summary>Of any server with OpenAI's <c>/v1/embeddings</c>. <c>/v1</c> is added to an address without a path.</summary>
    public string? BaseUrl { get; set; }

    public string? ApiKey { get; set; }

    /// <summary>How long a search waits for its query's vector before it goes by text alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Entries embedded by one request.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 32;

    /// <summary>Cosine of what has nothing to do with one another, by this model: it finds nothing.</summary>
    [Range(-1.0, 1.0)]
    public double LeastSimilarity { get; set; } = 0.3;

    /// <summary>Cosine of what means the same, by this model: it scores like a match by text.</summary>
    [Range(-1.0, 1.0)]
    public double FullSimilarity { get; set; } = 0.85;

    internal bool IsOn => !string.IsNullOrWhiteSpace(Model);

    internal void TakeOver(ModelProviderOptions providers)
    {
        BaseUrl ??= providers.OpenAIBaseUrl;
        ApiKey ??= providers.OpenAIApiKey;
    }
}
