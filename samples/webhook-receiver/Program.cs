// Receives webhooks, verifies their signatures and prints the events:
//   WEBHOOK_SECRET=your-webhook-secret dotnet run -c Release --project samples/webhook-receiver [--urls http://127.0.0.1:4100]

using OpenClaw.Samples.WebhookReceiver;

const string DefaultUrl = "http://127.0.0.1:4100";
const int MaxBodyBytes = 1024 * 1024;

if (Environment.GetEnvironmentVariable("WEBHOOK_SECRET") is not { Length: > 0 } secret)
{
    Console.Error.WriteLine("Set WEBHOOK_SECRET to the secret of the webhook.");
    return 1;
}

var builder = WebApplication.CreateSlimBuilder(args);
if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])) builder.WebHost.UseUrls(DefaultUrl);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
await using var app = builder.Build();

var verifier = new SignatureVerifier(secret, TimeProvider.System);
var seen = new SeenIds();
app.MapPost("/webhook", async (HttpRequest request) =>
{
    // The bytes as they came: JSON that was read and written again has another signature.
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
    var (id, timestamp, signature) = (request.Headers["webhook-id"].ToString(), request.Headers["webhook-timestamp"].ToString(), request.Headers["webhook-signature"].ToString());
    if (verifier.Objection(id, timestamp, signature, body.ToArray()) is { } objection) return Results.Text(objection, statusCode: StatusCodes.Status401Unauthorized);
    // Delivered at least once: what was seen is acknowledged again, and nothing else.
    if (seen.Add(id)) Console.WriteLine(System.Text.Encoding.UTF8.GetString(body.ToArray()));
    return Results.NoContent();
});
await app.RunAsync();
return 0;
