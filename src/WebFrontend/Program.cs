using OpenClaw.WebFrontend;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.AddOpenClawFrontend();

var app = builder.Build();
app.MapOpenClaw();
app.Run();
