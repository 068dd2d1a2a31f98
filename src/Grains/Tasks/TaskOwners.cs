using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Tasks;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tasks;

/// <summary>The API keys that tasks belong to: a task ends with its key.</summary>
internal sealed partial class TaskOwners(ITaskStore store, ITenantIndex index, IGrainFactory grains, TimeProvider time, ILogger<TaskOwners> logger)
{
    private const int AtOnce = 32;

    /// <summary>Whether the key that a task belongs to still holds, with all that the task's action needs.</summary>
    public async ValueTask<bool> HoldsAsync(TenantId tenant, ScheduledTaskState task, CancellationToken cancellationToken)
    {
        if (task.KeyId is not { } keyId) return true;
        var needed = TaskDefinitions.ScopeOf(task.Action.Type);
        return await index.FindApiKeyAsync(keyId, cancellationToken) is { Key: var key }
            && key.TenantId == tenant.Value
            && key.Scopes.HasFlag(needed)
            && !(key.ExpiresAt <= time.GetUtcNow());
    }

    /// <summary>A key is gone: tells its tasks, in the background. One that is not reached finds out at its next run.</summary>
    public void Tell(string keyId) => _ = Task.Run(() => TellAsync(keyId));

    private async Task TellAsync(string keyId)
    {
        try
        {
            // Nobody's request any more.
            TenantContext.Clear();
            IReadOnlyList<TaskKey> tasks;
            for (var after = ""; (tasks = await store.ListOfKeyAsync(keyId, after, AtOnce, CancellationToken.None)).Count > 0; after = tasks[^1].TaskId)
                await Task.WhenAll(tasks.Select(task => grains.GetGrain<IScheduledTaskRecord>(task.ToString()).CheckKey(CancellationToken.None)));
        }
        catch (Exception failure)
        {
            LogNotTold(failure, keyId);
        }
    }

    [LoggerMessage(8310, LogLevel.Warning, "Not all tasks of the deleted API key {KeyId} were paused at once; the others are at their next run")]
    private partial void LogNotTold(Exception exception, string keyId);
}
