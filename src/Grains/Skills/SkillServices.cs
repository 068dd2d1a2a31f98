using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Registry;
using OpenClaw.Grains.Skills.Running;
using OpenClaw.Grains.Skills.Running.Server;
using OpenClaw.Grains.Skills.Tools;
using OpenClaw.Grains.Tenants.Removal;

namespace OpenClaw.Grains.Skills;

/// <summary>Registration of skills in a silo, which also needs commands, egress and secret protection.</summary>
public static class SkillServices
{
    public static IServiceCollection AddOpenClawSkills(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SkillOptions>().Bind(configuration.GetSection(SkillOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSkillRegistry(configuration);
        services.AddSingleton<SkillPackages>();
        services.AddSingleton<BuiltInSkills>();
        services.AddSingleton<SkillInstaller>();
        services.AddSingleton<TenantSkills>();
        services.AddSingleton<SkillTools>();
        services.AddSingleton<McpConnections>();
        services.AddSingleton<SkillToolDiscovery>();
        services.AddSingleton<ISkillActionRunner, CommandActionRunner>();
        services.AddSingleton<ISkillActionRunner, HttpActionRunner>();
        services.AddSingleton<ISkillActionRunner, McpActionRunner>();
        services.AddSingleton<ISkillActionRunner, PromptActionRunner>();
        services.AddSingleton<ISkillActionRunner, ServerActionRunner>();
        services.AddSingleton<IServerAction, ReportAction>();
        services.AddSingleton<ITenantDataOwner, TenantSkillFiles>();
        return services;
    }
}
