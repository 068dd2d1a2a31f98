using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Benchmarks.Shared;

/// <summary>
/// What both proxies have in common: a quiet Kestrel, sessions that are nothing but an id (which carries the name of the
/// session's model), and the reading of a message.
/// </summary>
public static class ProxyHost
{
    private const string DefaultModel = "fast";
    private const char ModelSeparator = '~';

    /// <summary>Builds the server. Listens where <c>ASPNETCORE_URLS</c> says.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        app.MapGet("/readyz", (RequestDelegate)(static context => context.Response.WriteAsync("ready", context.RequestAborted)));
        app.MapPost("/api/sessions", (RequestDelegate)CreateSessionAsync);
        return app;
    }

    /// <summary>The model server's address, from <c>OPENAI_BASE_URL</c>.</summary>
    /// <exception cref="InvalidOperationException">The variable is not set.</exception>
    public static ModelClient ModelFromEnvironment() =>
        new(Environment.GetEnvironmentVariable("OPENAI_BASE_URL")
            ?? throw new InvalidOperationException("Set OPENAI_BASE_URL to the model server's address, such as http://127.0.0.1:8080/v1."));

    /// <summary>The model that the session's id carries.</summary>
    public static string ModelOf(string sessionId)
    {
        var separator = sessionId.IndexOf(ModelSeparator, StringComparison.Ordinal);
        return separator < 0 ? DefaultModel : sessionId[..separator];
    }

    /// <summary>The property <paramref name="name"/> of the request's JSON, escaped as inside a JSON string, or null.</summary>
    public static async ValueTask<byte[]?> ReadPropertyAsync(HttpContext context, string name)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var result = await body.ReadAsync(context.RequestAborted);
            if (result.IsCompleted)
            {
                var value = Find(new Utf8JsonReader(result.Buffer), name);
                body.AdvanceTo(result.Buffer.End);
                return value;
            }

            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Sets the headers of an event stream.</summary>
    public static void StartEvents(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
    }

    /// <summary>Writes the answer to a message that was sent without streaming.</summary>
    public static Task WriteAnswerAsync(HttpContext context, byte[] messageId, TurnFrames frames)
    {
        var output = context.Response.BodyWriter;
        context.Response.ContentType = "application/json; charset=utf-8";
        Write("{\"messageId\":\""u8);
        Write(messageId);
        Write("\",\"response\":{\"content\":\""u8);
        Write(frames.Answer.Span);
        Write("\",\"actions\":[]},\"finishReason\":\"stop\"}"u8);
        return output.FlushAsync(context.RequestAborted).AsTask();

        void Write(ReadOnlySpan<byte> part) => System.Buffers.BuffersExtensions.Write(output, part);
    }

    private static async Task CreateSessionAsync(HttpContext context)
    {
        var model = await ReadPropertyAsync(context, "model");
        var name = model is null ? DefaultModel : System.Text.Encoding.UTF8.GetString(model);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(
            $$"""{"sessionId":"{{name}}{{ModelSeparator}}{{Guid.NewGuid():N}}","status":"created"}""",
            context.RequestAborted);
    }

    private static byte[]? Find(Utf8JsonReader reader, string name)
    {
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals(name))
                continue;
            reader.Read();
            return reader.HasValueSequence
                ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence)
                : reader.ValueSpan.ToArray();
        }

        return null;
    }
}
