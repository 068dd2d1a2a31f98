using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>Key of a tenant's list of tasks: <c>tenant/t</c>.</summary>
public readonly record struct TaskCatalogKey(TenantId Tenant)
{
    private const string End = "/t";

    /// <exception cref="FormatException">The text is not a list's key.</exception>
    public static TaskCatalogKey Parse(string key) => key.EndsWith(End, StringComparison.Ordinal) && TenantId.TryParse(key[..^End.Length], out var tenant)
        ? new TaskCatalogKey(tenant)
        : throw new FormatException($"'{key}' is not the key of a list of tasks; it must read tenant/t.");

    public override string ToString() => Tenant.Value + End;
}

/// <summary>Key of a task's grain: <c>tenant/t/task</c>.</summary>
public readonly record struct TaskKey(TenantId Tenant, string TaskId)
{
    private const string Middle = "/t/";
    private const string IdPrefix = "task-";

    /// <summary>The key of a task that is to be.</summary>
    public static TaskKey New(TenantId tenant) => Of(tenant, Guid.NewGuid());

    /// <summary>The key of the task that this number names.</summary>
    public static TaskKey Of(TenantId tenant, Guid number) => new(tenant, $"{IdPrefix}{number:n}");

    /// <exception cref="FormatException">The text is not a task's key.</exception>
    public static TaskKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && KeyNames.IsName(key[(at + Middle.Length)..])
            ? new TaskKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a task's key; it must read tenant/t/task.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, TaskId);
}
