using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Chaos.Silo;
using OpenClaw.Grains.Tools;
using OpenClaw.Silo;

// The product's silo with one more tool and, where a test asks for it, a clock that runs faster.
await SiloServer.RunAsync(args, static (services, configuration) =>
{
    // Only where it is told where to write.
    if (configuration["Recorder:Directory"] is not null) services.AddSingleton<ITool, RecorderTool>();
    FastClock.AddTo(services, configuration);
});
