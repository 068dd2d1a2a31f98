using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models.Providers;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Models;

public static class ModelServiceCollectionExtensions
{
    /// <summary>
    /// Registers the model gateway with the providers that the configuration names, and the tools that models call.
    /// Settings that cannot be used stop the host at start.
    /// </summary>
    public static IServiceCollection AddOpenClawModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelOptions>().Bind(configuration.GetSection(ModelOptions.Section)).ValidateOnStart();
        services.AddOptions<ModelProviderOptions>().Configure(options => options.Read(configuration)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>();
        services.AddSingleton<IValidateOptions<ModelProviderOptions>, ModelProviderOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<FairnessOptions>().Bind(configuration.GetSection(FairnessOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FairnessOptions>, FairnessOptionsValidator>();
        services.AddSingleton<FairQueues>();
        services.TryAddSingleton<ModelPrices>();
        services.AddSingleton<ModelRouter>();
        services.AddSingleton<ModelProviders>();
        services.TryAddSingleton<IModelGateway, ModelGateway>();
        return services.AddOpenClawTools();
    }
}
