using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OpenClaw.Grains.Tools;

public static class ToolServiceCollectionExtensions
{
    /// <summary>Registers the tool registry and the built-in tools. Every other <see cref="ITool"/> in the container joins them.</summary>
    public static IServiceCollection AddOpenClawTools(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IToolRegistry, ToolRegistry>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITool, TimeNowTool>());
        return services;
    }
}
