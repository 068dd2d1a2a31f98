// An Orleans silo with nothing in it beside Kestrel: what any start on Orleans costs at least.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.UseOrleans(silo => silo.UseLocalhostClustering(
    builder.Configuration.GetValue("SiloPort", 11111),
    builder.Configuration.GetValue("GatewayPort", 30000)));

var app = builder.Build();
// Hosted services start before Kestrel listens, so an answer means that the silo is active.
app.MapGet("/readyz", () => "ready");
await app.RunAsync();
