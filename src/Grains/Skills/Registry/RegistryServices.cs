using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OpenClaw.Grains.Skills.Registry;

/// <summary>Registration of the skill registry's client. It also needs the egress policy.</summary>
internal static class RegistryServices
{
    public static IServiceCollection AddSkillRegistry(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<RegistryOptions>().Bind(configuration.GetSection(RegistryOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RegistryOptions>, RegistryOptionsValidator>();
        services.AddSingleton<RegistryConnection>();
        services.AddSingleton<SkillRegistry>();
        return services;
    }
}
