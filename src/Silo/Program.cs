using Microsoft.Extensions.Hosting;
using OpenClaw.Silo;

var builder = Host.CreateApplicationBuilder(args);
builder.AddOpenClawSilo();
await builder.Build().RunAsync();
