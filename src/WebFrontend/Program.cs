using OpenClaw.Silo;
using OpenClaw.WebFrontend;
using OpenClaw.WebFrontend.Commands;

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = args,
    // appsettings.json lies beside the program; the data directory is relative to where the server is started.
    ContentRootPath = AppContext.BaseDirectory,
});
if (args is [BackupCommand.Name, ..])
    return BackupCommand.Run(args[1..], builder.Configuration);

builder.WebHost.UseKestrelHttpsConfiguration();
builder.AddOpenClawSilo();
builder.AddOpenClawFrontend();

var app = builder.Build();
app.MapOpenClaw();
await app.PrepareOpenClawDatabaseAsync();
await app.RunAsync();
return 0;
