using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.FastModel;

/// <summary><c>POST /v1/chat/completions</c>, streamed and not, and <c>GET /stats</c>.</summary>
internal sealed class ChatCompletions(ModelCatalog catalog)
{
    private const string ProfileHeader = "X-Fast-Model";

    private long _requests;
    private long _streamed;
    private long _chunks;
    private long _requestBytes;
    private long _active;

    public async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _active);
        try
        {
            var request = await ReadAsync(context);
            if (request.Stream)
                await StreamAsync(context.Response, request, context.RequestAborted);
            else
                await CompleteAsync(context.Response, request.Answer, context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    public Task StatsAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            $$"""{"requests":{{Volatile.Read(ref _requests)}},"streamed":{{Volatile.Read(ref _streamed)}},"chunks":{{Volatile.Read(ref _chunks)}},"requestBytes":{{Volatile.Read(ref _requestBytes)}},"active":{{Volatile.Read(ref _active)}}}""",
            context.RequestAborted);
    }

    private static async Task CompleteAsync(HttpResponse response, ModelAnswer answer, CancellationToken cancellationToken)
    {
        await DelayAsync(answer.Profile.FirstDelayMs + (answer.Profile.Tokens * answer.Profile.TokenDelayMs), cancellationToken);
        response.ContentType = "application/json";
        response.ContentLength = answer.Completion.Length;
        await response.BodyWriter.WriteAsync(answer.Completion, cancellationToken);
    }

    private async Task StreamAsync(HttpResponse response, ModelRequest request, CancellationToken cancellationToken)
    {
        var answer = request.Answer;
        var profile = answer.Profile;
        Interlocked.Increment(ref _streamed);
        Interlocked.Add(ref _chunks, profile.Tokens);
        response.ContentType = "text/event-stream";
        var output = response.BodyWriter;

        if (profile.TokenDelayMs == 0 && !profile.Stamped && !profile.FlushEach)
        {
            await DelayAsync(profile.FirstDelayMs, cancellationToken);
            await output.WriteAsync(request.Usage ? answer.WholeWithUsage : answer.Whole, cancellationToken);
            return;
        }

        // Chunks are due at fixed times after the request, so that a late one does not make the answer longer.
        var start = Clock.Now;
        output.Write(answer.Role);
        await output.FlushAsync(cancellationToken);
        for (var i = 0; i < profile.Tokens; i++)
        {
            var due = profile.FirstDelayMs + (i * (double)profile.TokenDelayMs);
            await DelayAsync((int)Math.Ceiling(due - Clock.Milliseconds(Clock.Now - start)), cancellationToken);
            if (profile.Stamped)
                WriteStamped(output);
            else
                output.Write(answer.Chunks[i]);
            if (profile.FlushEach || profile.TokenDelayMs > 0)
                await output.FlushAsync(cancellationToken);
        }

        output.Write(request.Usage ? answer.EndWithUsage : answer.End);
        await output.FlushAsync(cancellationToken);
    }

    private static void WriteStamped(PipeWriter output)
    {
        var before = ModelAnswer.BeforeText;
        var after = ModelAnswer.AfterText;
        var span = output.GetSpan(before.Length + after.Length + 24);
        before.CopyTo(span);
        var length = before.Length;
        span[length++] = (byte)'@';
        Utf8Formatter.TryFormat(Clock.Now, span[length..], out var digits);
        length += digits;
        span[length++] = (byte)';';
        after.CopyTo(span[length..]);
        output.Advance(length + after.Length);
    }

    private static Task DelayAsync(int milliseconds, CancellationToken cancellationToken) =>
        milliseconds <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, cancellationToken);

    private async ValueTask<ModelRequest> ReadAsync(HttpContext context)
    {
        var header = context.Request.Headers[ProfileHeader].ToString();
        var body = context.Request.BodyReader;
        while (true)
        {
            var result = await body.ReadAsync(context.RequestAborted);
            if (result.IsCompleted)
            {
                Interlocked.Add(ref _requestBytes, result.Buffer.Length);
                var request = Parse(result.Buffer, header);
                body.AdvanceTo(result.Buffer.End);
                return request;
            }

            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private ModelRequest Parse(ReadOnlySequence<byte> body, string header)
    {
        var reader = new Utf8JsonReader(body);
        var stream = false;
        var usage = false;
        var answer = catalog.Find(default);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                stream = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("include_usage"u8))
            {
                reader.Read();
                usage = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                answer = catalog.Find(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
            }
            else if (reader.CurrentDepth == 1 && !reader.ValueTextEquals("stream_options"u8))
            {
                reader.Skip();
            }
        }

        return new ModelRequest(header.Length > 0 ? catalog.Find(Encoding.UTF8.GetBytes(header)) : answer, stream, usage);
    }

    private readonly record struct ModelRequest(ModelAnswer Answer, bool Stream, bool Usage);
}
