using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>Finds namespaces with entries that have no vector yet, and has them go on: after a restart, and after the model has changed.</summary>
internal sealed partial class MemoryEmbeddingWatch(
    IMemoryVectors vectors, Embedder embedder, IGrainFactory grains, TimeProvider time, ILogger<MemoryEmbeddingWatch> logger) : SiloWatch(Interval, time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Namespaces that are begun at one look.</summary>
    private const int MaxNamespaces = 16;

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        if (embedder.Model is not { } model) return;
        foreach (var key in await vectors.ListToEmbedAsync(model, MaxNamespaces, cancellationToken))
            await grains.GetMemory(key).Embed(cancellationToken);
    }

    protected override void Report(Exception failure, TimeSpan nextIn) => LogFailed(failure, nextIn);

    [LoggerMessage(7001, LogLevel.Warning, "Looking for memories that are to be embedded failed; it is tried again in {Interval}")]
    private partial void LogFailed(Exception exception, TimeSpan interval);
}
