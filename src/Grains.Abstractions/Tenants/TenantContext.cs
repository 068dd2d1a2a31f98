namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>
/// The tenant on whose behalf grains are called, in Orleans' request context: a front-end sets it once per request, calls
/// between grains inherit it, timers, reminders and streams have none. A silo refuses a call to another tenant's grain.
/// </summary>
/// <remarks>
/// What is set lives as long as the asynchronous flow that set it. An operator's request sets the tenant it is about, or
/// clears the context where it is about many.
/// </remarks>
public static class TenantContext
{
    public const string Key = "openclaw.tenant";

    /// <summary>The tenant's id, or null when there is none to compare with.</summary>
    public static string? Current => RequestContext.Get(Key) as string;

    public static void Set(TenantId tenant) => RequestContext.Set(Key, tenant.Value);

    public static void Clear() => RequestContext.Remove(Key);
}
