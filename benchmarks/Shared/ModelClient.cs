using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Benchmarks.Shared;

/// <summary>The proxies' call to an OpenAI-compatible model server: streamed chat completions of one message.</summary>
public sealed class ModelClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly AuthenticationHeaderValue Authorization = new("Bearer", "x");

    private readonly HttpClient _client;
    private readonly Uri _completions;

    /// <param name="baseUrl">As in <c>OPENAI_BASE_URL</c>: ends in <c>/v1</c>.</param>
    public ModelClient(string baseUrl)
    {
        _completions = new Uri(baseUrl.TrimEnd('/') + "/chat/completions");
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>
    /// Writes the answer's text to <paramref name="frames"/> as it comes, everything that one read brought in one flush.
    /// </summary>
    /// <param name="model">The model's name.</param>
    /// <param name="content">The user's message, escaped as inside a JSON string.</param>
    /// <param name="frames">Where the text goes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HttpRequestException">The model server failed, or cut its answer before the end mark.</exception>
    public async Task StreamAsync(string model, ReadOnlyMemory<byte> content, TurnFrames frames, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _completions) { Content = Body(model, content.Span) };
        request.Headers.Authorization = Authorization;
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);

        var scanner = new SseScanner();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            var ended = false;
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (Translate(scanner, buffer.AsSpan(0, read), frames, ref ended))
                    await frames.FlushAsync(cancellationToken);
            }

            if (!ended)
                throw new HttpRequestException("The model server cut its answer.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _client.Dispose();

    private static ByteArrayContent Body(string model, ReadOnlySpan<byte> content)
    {
        var prefix = "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\""u8;
        var middle = "\",\"messages\":[{\"role\":\"user\",\"content\":\""u8;
        var suffix = "\"}]}"u8;
        var body = new byte[prefix.Length + Encoding.UTF8.GetByteCount(model) + middle.Length + content.Length + suffix.Length];
        var rest = body.AsSpan();
        prefix.CopyTo(rest);
        rest = rest[prefix.Length..];
        rest = rest[Encoding.UTF8.GetBytes(model, rest)..];
        middle.CopyTo(rest);
        rest = rest[middle.Length..];
        content.CopyTo(rest);
        suffix.CopyTo(rest[content.Length..]);
        var result = new ByteArrayContent(body);
        result.Headers.ContentType = Json;
        return result;
    }

    private static bool Translate(SseScanner scanner, ReadOnlySpan<byte> input, TurnFrames frames, ref bool ended)
    {
        var wrote = false;
        while (scanner.TryRead(ref input, out var data))
        {
            if (data.SequenceEqual("[DONE]"u8))
                ended = true;
            else
                wrote |= TranslateChunk(data, frames);
        }

        return wrote;
    }

    /// <summary>Takes <c>choices[0].delta.content</c> and <c>usage</c> out of a chunk.</summary>
    private static bool TranslateChunk(ReadOnlySpan<byte> chunk, TurnFrames frames)
    {
        var wrote = false;
        var reader = new Utf8JsonReader(chunk);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.CurrentDepth == 4 && reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0)
                {
                    frames.WriteText(reader.ValueSpan);
                    wrote = true;
                }
            }
            else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("prompt_tokens"u8))
            {
                reader.Read();
                frames.InputTokens = reader.GetInt32();
            }
            else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("completion_tokens"u8))
            {
                reader.Read();
                frames.OutputTokens = reader.GetInt32();
            }
        }

        return wrote;
    }
}
