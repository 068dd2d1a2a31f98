using OpenClaw.ModelServer;

// Serves until its standard input is closed, so it never outlives the test that started it.
await using var app = ModelServerHost.Build(keepBodies: !args.Contains(ModelServerProcess.WithoutBodies));
await app.StartAsync();
Console.WriteLine($"listening on {app.Urls.Single()}");
while (await Console.In.ReadLineAsync() is not null)
{
}

await app.StopAsync();
