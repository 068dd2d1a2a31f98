using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Memory.Embeddings;
using OpenClaw.Grains.Memory.Search;
using OpenClaw.Grains.Memory.Tools;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory;

/// <summary>Registration of the memory in a silo.</summary>
public static class MemoryServices
{
    /// <summary>
    /// Adds search and embedding, the conversation's memory tools and the removal of a tenant's memories. The silo also needs the models.
    /// </summary>
    public static IServiceCollection AddOpenClawMemory(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MemoryOptions>().Bind(configuration.GetSection(MemoryOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<EmbeddingOptions>()
            .Bind(configuration.GetSection(EmbeddingOptions.Section))
            .Configure<IOptions<ModelProviderOptions>>((options, providers) => options.TakeOver(providers.Value))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmbeddingOptions>, EmbeddingOptionsValidator>();
        services.AddSingleton<Embedder>();
        services.AddSingleton<MemoryEmbedding>();
        services.AddSingleton<MeaningSearch>();
        services.AddSingleton<MemorySearch>();
        services.AddSingleton<MemoryFinder>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, MemoryEmbeddingWatch>();
        services.AddSingleton<ITenantDataOwner>(provider => new TenantRows(provider.GetRequiredService<IMemoryStore>().RemoveSomeAsync));
        services.AddSingleton<ITool, MemoryStoreTool>();
        services.AddSingleton<ITool, MemorySearchTool>();
        services.AddSingleton<ITool, MemoryDeleteTool>();
        return services;
    }
}
