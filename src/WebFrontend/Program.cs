using OpenClaw.Silo;
using OpenClaw.WebFrontend;
using OpenClaw.WebFrontend.Cluster;
using OpenClaw.WebFrontend.CommandLine;

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = args,
    // appsettings.json lies beside the program; the data directory is relative to where the server is started.
    ContentRootPath = AppContext.BaseDirectory,
});
if (args is [BackupCommand.Name, ..])
    return BackupCommand.Run(args[1..], builder.Configuration);
var role = ServerRoles.Of(builder.Configuration);
if (role is ServerRole.Silo)
{
    await SiloServer.RunAsync(args);
    return 0;
}

builder.WebHost.UseKestrelHttpsConfiguration();
if (role is ServerRole.Frontend)
    builder.AddOpenClawClient();
else
    builder.AddOpenClawSilo();
if (role is ServerRole.All && StorageSettings.From(builder.Configuration).IsShared())
    builder.Services.AddRepeatedCalls();
builder.AddOpenClawFrontend();

var app = builder.Build();
app.MapOpenClaw();
if (role is ServerRole.All)
    await app.PrepareOpenClawDatabaseAsync();
var (started, stopping) = (app.Lifetime.ApplicationStarted, app.Lifetime.ApplicationStopping);
try
{
    await app.RunAsync();
}
catch (Exception) when (stopping.IsCancellationRequested && !started.IsCancellationRequested)
{
    // Told to stop while it still waited for a first silo: whatever the start has met then is no failure.
}

return 0;
