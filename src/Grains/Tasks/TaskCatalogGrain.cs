using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Paging;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <inheritdoc cref="ITaskCatalogGrain"/>
[GrainType("task-catalog")]
internal sealed class TaskCatalogGrain(ITaskStore store) : Grain, ITaskCatalogGrain
{
    private TenantId Tenant => TaskCatalogKey.Parse(this.GetPrimaryKeyString()).Tenant;

    public async Task<TaskPage> List(int limit, string? cursor, CancellationToken cancellationToken)
    {
        PageCursor? after = null;
        if (cursor is not null && !PageCursor.TryParse(cursor, PagedList.Tasks, out after))
            return new TaskPage { Problem = Problem.Invalid("cursor", Reasons.InvalidCursor) };
        var rows = await store.ListAsync(Tenant, after?.CreatedAt ?? DateTimeOffset.MaxValue, after?.Id ?? "", limit + 1, cancellationToken);
        var page = rows.Take(limit).ToList();
        // A row whose task a crash has kept from being made, or has left behind, goes with this.
        var tasks = await Task.WhenAll(page.Select(row => FindAsync(GrainFactory.GetScheduledTask(row.Key), cancellationToken)));
        return new TaskPage
        {
            Tasks = tasks.OfType<TaskInfo>().ToArray(),
            NextCursor = rows.Count > limit ? new PageCursor(PagedList.Tasks, page[^1].CreatedAt, page[^1].Key.TaskId).ToString() : null,
        };
    }

    /// <summary>A task that is being changed holds up nobody's list.</summary>
    private static async Task<TaskInfo?> FindAsync(IScheduledTaskGrain task, CancellationToken cancellationToken) =>
        await task.Get(cancellationToken) ?? await task.Confirm(cancellationToken);
}
