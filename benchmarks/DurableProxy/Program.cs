// The limit with durability: the bare proxy, and the message is committed before the first byte, the answer before `done`.
using OpenClaw.Benchmarks.DurableProxy;
using OpenClaw.Benchmarks.Shared;

var app = ProxyHost.Build(args);
using var model = ProxyHost.ModelFromEnvironment();
using var log = new MessageLog(Path.Combine(
    app.Configuration["DataDirectory"] ?? throw new InvalidOperationException("Pass --DataDirectory <folder>."),
    "messages.db"));

app.MapPost("/api/sessions/{id}/messages/stream", (RequestDelegate)StreamAsync);
app.MapPost("/api/sessions/{id}/messages", (RequestDelegate)AnswerAsync);
await app.RunAsync();

async Task StreamAsync(HttpContext context)
{
    var sessionId = (string)context.GetRouteValue("id")!;
    var content = await ProxyHost.ReadPropertyAsync(context, "content");
    await log.AppendAsync(sessionId, MessageRole.User, content);

    ProxyHost.StartEvents(context.Response);
    var frames = new TurnFrames(context.Response.BodyWriter, keepAnswer: true);
    frames.WriteComment();
    await frames.FlushAsync(context.RequestAborted);
    await model.StreamAsync(ProxyHost.ModelOf(sessionId), content, frames, context.RequestAborted);

    await log.AppendAsync(sessionId, MessageRole.Assistant, frames.Answer);
    frames.WriteDone(TurnFrames.NewId());
    await frames.FlushAsync(context.RequestAborted);
}

async Task AnswerAsync(HttpContext context)
{
    var sessionId = (string)context.GetRouteValue("id")!;
    var content = await ProxyHost.ReadPropertyAsync(context, "content");
    await log.AppendAsync(sessionId, MessageRole.User, content);
    var frames = new TurnFrames(output: null, keepAnswer: true);
    await model.StreamAsync(ProxyHost.ModelOf(sessionId), content, frames, context.RequestAborted);
    await log.AppendAsync(sessionId, MessageRole.Assistant, frames.Answer);
    await ProxyHost.WriteAnswerAsync(context, TurnFrames.NewId(), frames);
}
