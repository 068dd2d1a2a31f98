// An OpenAI-compatible model server that answers at once, or at a set pace, and costs next to nothing.
//   --tokens 20 --first 0 --delay 0 --flush single|each    (milliseconds; see ModelProfile for what a model's name can say)
using OpenClaw.Benchmarks.FastModel;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

var settings = builder.Configuration;
var completions = new ChatCompletions(new ModelCatalog(new ModelProfile(
    Tokens: settings.GetValue("tokens", 20),
    FirstDelayMs: settings.GetValue("first", 0),
    TokenDelayMs: settings.GetValue("delay", 0),
    Stamped: false,
    FlushEach: settings["flush"] == "each")));

var app = builder.Build();
app.MapPost("/v1/chat/completions", (RequestDelegate)completions.HandleAsync);
app.MapGet("/v1/models", () => Results.Text("""{"object":"list","data":[{"id":"fast","object":"model"}]}""", "application/json"));
app.MapGet("/stats", (RequestDelegate)completions.StatsAsync);
app.MapGet("/readyz", () => "ready");
await app.RunAsync();
