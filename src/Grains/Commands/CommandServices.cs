using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Commands.Tools;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Commands;

/// <summary>Registration of commands in a silo, which also needs an <see cref="ISandbox"/>.</summary>
public static class CommandServices
{
    public static IServiceCollection AddOpenClawCommands(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CommandOptions>()
            .Bind(configuration.GetSection(CommandOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<FullWorkspaces>();
        services.AddSingleton<TenantPrograms>();
        services.AddSingleton<ITool, CommandsRunTool>();
        return services;
    }
}
