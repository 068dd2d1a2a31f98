// The upper limit: passes the model server's answer on as the product's frames and keeps nothing.
using Microsoft.Extensions.FileProviders;
using OpenClaw.Benchmarks.Shared;

var app = ProxyHost.Build(args);
using var model = ProxyHost.ModelFromEnvironment();

app.MapPost("/api/sessions/{id}/messages/stream", (RequestDelegate)StreamAsync);
app.MapPost("/api/sessions/{id}/messages", (RequestDelegate)AnswerAsync);
// What Kestrel does with a file that asks for nothing: the measure for a file of a workspace.
if (Environment.GetEnvironmentVariable("STATIC_FILES") is { } folder)
    app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), RequestPath = "/static" });
await app.RunAsync();

async Task StreamAsync(HttpContext context)
{
    var content = await ProxyHost.ReadPropertyAsync(context, "content");
    ProxyHost.StartEvents(context.Response);
    var frames = new TurnFrames(context.Response.BodyWriter, keepAnswer: false);
    await model.StreamAsync(SessionModel(context), content, frames, context.RequestAborted);
    frames.WriteDone(TurnFrames.NewId());
    await frames.FlushAsync(context.RequestAborted);
}

async Task AnswerAsync(HttpContext context)
{
    var content = await ProxyHost.ReadPropertyAsync(context, "content");
    var frames = new TurnFrames(output: null, keepAnswer: true);
    await model.StreamAsync(SessionModel(context), content, frames, context.RequestAborted);
    await ProxyHost.WriteAnswerAsync(context, TurnFrames.NewId(), frames);
}

static string SessionModel(HttpContext context) => ProxyHost.ModelOf((string)context.GetRouteValue("id")!);
