using OpenClaw.Silo;

await SiloServer.RunAsync(args);
