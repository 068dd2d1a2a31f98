using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;

namespace OpenClaw.Storage.Skills;

/// <summary>
/// Lists the skills that grain state defines (a row goes in before the state and comes out after it), and keeps the record of what
/// was executed.
/// </summary>
public interface ISkillStore
{
    /// <summary>Adds the row of a skill; nothing when it is there.</summary>
    Task AddAsync(TenantId tenant, string name, CancellationToken cancellationToken);

    Task RemoveAsync(TenantId tenant, string name, CancellationToken cancellationToken);

    /// <summary>Names in their order.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(TenantId tenant, int limit, CancellationToken cancellationToken);

    /// <summary>An execution begins: durable before it touches anything.</summary>
    Task BeginRunAsync(SkillRunState run, CancellationToken cancellationToken);

    /// <summary>It has ended, and the tenant is told of it.</summary>
    Task EndRunAsync(SkillRunState run, OutboxEntry told, CancellationToken cancellationToken);

    /// <summary>Executions of a skill, the latest first, before the position given.</summary>
    ValueTask<IReadOnlyList<SkillRunState>> ListRunsAsync(
        TenantId tenant, string skill, DateTimeOffset before, string beforeId, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of the executions that began before a time. Tells how many.</summary>
    Task<int> PurgeRunsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a tenant's executions. False when there is none left.</summary>
    Task<bool> RemoveSomeRunsAsync(TenantId tenant, CancellationToken cancellationToken);
}
