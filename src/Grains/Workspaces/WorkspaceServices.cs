using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Grains.Tools;
using OpenClaw.Grains.Workspaces.Tools;

namespace OpenClaw.Grains.Workspaces;

/// <summary>Registration of workspaces in a silo.</summary>
public static class WorkspaceServices
{
    /// <summary>Adds the grain's options, the conversation's file tools and the removal of a tenant's files.</summary>
    public static IServiceCollection AddOpenClawWorkspaces(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkspaceOptions>()
            .Bind(configuration.GetSection(WorkspaceOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<ITenantDataOwner, TenantWorkspace>();
        services.AddSingleton<ITool, FilesReadTool>();
        services.AddSingleton<ITool, FilesWriteTool>();
        services.AddSingleton<ITool, FilesListTool>();
        services.AddSingleton<ITool, FilesSearchTool>();
        return services;
    }
}
