using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>A tenant's tasks. Key: <see cref="TaskCatalogKey"/>. Keeps nothing.</summary>
[Alias("OpenClaw.ITaskCatalogGrain")]
public interface ITaskCatalogGrain : IGrainWithStringKey
{
    /// <summary>Tasks by creation, the youngest first.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("List"), AlwaysInterleave, Repeatable]
    Task<TaskPage> List(int limit, string? cursor, CancellationToken cancellationToken);
}
