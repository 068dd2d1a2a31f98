using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Browser.Tools;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Browser;

/// <summary>Registration of browser contexts in a silo, which also needs an <see cref="IBrowser"/> and the egress policy.</summary>
public static class BrowserServices
{
    public static IServiceCollection AddOpenClawBrowser(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BrowserOptions>()
            .Bind(configuration.GetSection(BrowserOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<DownloadFolder>();
        services.AddSingleton<ITool, BrowserOpenTool>();
        services.AddSingleton<ITool, BrowserSnapshotTool>();
        services.AddSingleton<ITool, BrowserActTool>();
        services.AddSingleton<ITool, BrowserScreenshotTool>();
        services.AddSingleton<ITool, BrowserExecuteTool>();
        return services;
    }
}
