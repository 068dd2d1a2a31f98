using System.Runtime.CompilerServices;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Abstractions.Workspaces;

namespace OpenClaw.Grains.Abstractions;

/// <summary>Grains by their typed keys.</summary>
public static class GrainFactoryExtensions
{
    public static ISessionGrain GetSession(this IGrainFactory grains, SessionKey key) =>
        Get<ISessionGrain>(grains, key.ToString());

    public static IRateLimitGrain GetRateLimit(this IGrainFactory grains, RateLimitKey key) =>
        Get<IRateLimitGrain>(grains, key.ToString());

    public static ITenantGrain GetTenant(this IGrainFactory grains, TenantKey key) =>
        Get<ITenantGrain>(grains, key.ToString());

    public static ITenantDirectoryGrain GetTenantDirectory(this IGrainFactory grains, TenantKey key) =>
        Get<ITenantDirectoryGrain>(grains, key.ToString());

    public static IBudgetGrain GetBudget(this IGrainFactory grains, BudgetKey key) =>
        Get<IBudgetGrain>(grains, key.ToString());

    public static ICommandGrain GetCommand(this IGrainFactory grains, CommandKey key) =>
        Get<ICommandGrain>(grains, key.ToString());

    public static IWorkspaceGrain GetWorkspace(this IGrainFactory grains, WorkspaceKey key) =>
        Get<IWorkspaceGrain>(grains, key.ToString());

    public static IBrowserGrain GetBrowser(this IGrainFactory grains, BrowserKey key) =>
        Get<IBrowserGrain>(grains, key.ToString());

    public static IMemoryNamespaceGrain GetMemory(this IGrainFactory grains, MemoryNamespaceKey key) =>
        Get<IMemoryNamespaceGrain>(grains, key.ToString());

    public static ISkillCatalogGrain GetSkillCatalog(this IGrainFactory grains, SkillCatalogKey key) =>
        Get<ISkillCatalogGrain>(grains, key.ToString());

    public static ISkillGrain GetSkill(this IGrainFactory grains, SkillKey key) =>
        Get<ISkillGrain>(grains, key.ToString());

    public static ISkillRunGrain GetSkillRun(this IGrainFactory grains, SkillRunKey key) =>
        Get<ISkillRunGrain>(grains, key.ToString());

    public static IWebhookDirectoryGrain GetWebhookDirectory(this IGrainFactory grains, WebhookDirectoryKey key) =>
        Get<IWebhookDirectoryGrain>(grains, key.ToString());

    public static IWebhookGrain GetWebhook(this IGrainFactory grains, WebhookKey key) =>
        Get<IWebhookGrain>(grains, key.ToString());

    public static ITenantEventsGrain GetTenantEvents(this IGrainFactory grains, TenantEventsKey key) =>
        Get<ITenantEventsGrain>(grains, key.ToString());

    public static IScheduledTaskGrain GetScheduledTask(this IGrainFactory grains, TaskKey key) =>
        Get<IScheduledTaskGrain>(grains, key.ToString());

    public static ITaskCatalogGrain GetTaskCatalog(this IGrainFactory grains, TaskCatalogKey key) =>
        Get<ITaskCatalogGrain>(grains, key.ToString());

    public static IApiKeyGrain GetApiKey(this IGrainFactory grains, ApiKeyGrainKey key) =>
        Get<IApiKeyGrain>(grains, key.ToString());

    public static ITicketGrain GetTicket(this IGrainFactory grains, TicketKey key) =>
        Get<ITicketGrain>(grains, key.ToString());

    public static ILoginGrain GetLogin(this IGrainFactory grains, LoginKey key) =>
        Get<ILoginGrain>(grains, key.ToString());

    /// <summary>
    /// What <c>GetGrain</c> gives, without its reflection: Orleans reads the interface's attributes anew for each reference,
    /// which takes several microseconds. The types it finds are remembered for each factory.
    /// </summary>
    private static TGrain Get<TGrain>(IGrainFactory grains, string key)
        where TGrain : class, IGrainWithStringKey
    {
        if (Kind<TGrain>.Known.TryGetValue(grains, out var kind))
            return (TGrain)grains.GetGrain(GrainId.Create(kind.GrainType, key), kind.InterfaceType);
        var grain = grains.GetGrain<TGrain>(key);
        if (grain is GrainReference reference)
            Kind<TGrain>.Known.TryAdd(grains, new Kind<TGrain>(reference.GrainId.Type, reference.InterfaceType));
        return grain;
    }

    private sealed record Kind<TGrain>(GrainType GrainType, GrainInterfaceType InterfaceType)
    {
        public static ConditionalWeakTable<IGrainFactory, Kind<TGrain>> Known { get; } = [];
    }
}
