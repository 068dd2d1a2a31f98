using Microsoft.Extensions.Hosting;
using OpenClaw.Silo;

var builder = Host.CreateApplicationBuilder(args);
builder.AddOpenClawSilo();

using var host = builder.Build();
await host.PrepareOpenClawDatabaseAsync();
await host.RunAsync();

/// <summary>Declared, or ASP.NET's generator would make it public, and every program that uses this assembly would have two.</summary>
internal sealed partial class Program;
