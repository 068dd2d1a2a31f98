using OpenClaw.Silo;

await SiloServer.RunAsync(args);

/// <summary>Declared, or ASP.NET's generator would make it public, and every program that uses this assembly would have two.</summary>
internal sealed partial class Program;
