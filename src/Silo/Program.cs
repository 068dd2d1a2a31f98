using Microsoft.Extensions.Hosting;
using OpenClaw.Silo;

var builder = Host.CreateApplicationBuilder(args);
builder.AddOpenClawSilo();

using var host = builder.Build();
await host.PrepareOpenClawDatabaseAsync();
await host.RunAsync();
