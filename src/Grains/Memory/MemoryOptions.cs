using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Memory;

/// <summary>Limits of what a tenant's assistants remember, and how conversations use it. Section <c>OpenClaw:Memory</c>.</summary>
public sealed class MemoryOptions
{
    public const string Section = "OpenClaw:Memory";

    /// <summary>Namespaces of a tenant. They are summed before a store, so a very high number slows stores.</summary>
    [Range(1, 100_000)]
    public int MaxNamespaces { get; set; } = 1000;

    /// <summary>Entries of a tenant in all its namespaces.</summary>
    [Range(1, long.MaxValue)]
    public long MaxEntries { get; set; } = 1_000_000;

    /// <summary>Bytes of a tenant's entries, what it takes to find and to undo them included. 2 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Tokens of memories that a turn is shown; 0 shows none.</summary>
    [Range(0, 100_000)]
    public int ContextTokens { get; set; } = 1000;

    /// <summary>0 to 1: memories that score less against the message are not shown to its turn.</summary>
    [Range(0.0, 1.0)]
    public double ContextMinScore { get; set; } = 0.35;
}
