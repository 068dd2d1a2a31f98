using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Chaos.Silo;
using OpenClaw.Grains.Tools;
using OpenClaw.Silo;

// The product's silo with one more tool.
await SiloServer.RunAsync(args, static services => services.AddSingleton<ITool, RecorderTool>());
