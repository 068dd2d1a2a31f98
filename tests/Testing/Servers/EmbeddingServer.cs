using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Testing.Servers;

/// <summary>
/// Speaks OpenAI's <c>POST /v1/embeddings</c>. Each word is a direction of its own; words that the test calls alike share one.
/// </summary>
public sealed class EmbeddingServer : IAsyncDisposable
{
    private const int Dimensions = 256;

    private readonly WebApplication _app;
    private readonly Dictionary<string, string> _alike;

    private EmbeddingServer(WebApplication app, Dictionary<string, string> alike)
    {
        _app = app;
        _alike = alike;
    }

    public string BaseUrl => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    /// <summary>Answers with this status instead, while it is not 200.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Refuses requests with a text that holds this.</summary>
    public string? Disliked { get; set; }

    /// <summary>With this status.</summary>
    public int DislikedStatus { get; set; } = 400;

    /// <summary>The texts that were embedded, each with its model.</summary>
    public ConcurrentQueue<(string Model, string Text)> Embedded { get; } = [];

    /// <param name="alike">Words that mean the same, each list a meaning.</param>
    public static async Task<EmbeddingServer> StartAsync(params string[][] alike)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new EmbeddingServer(app, alike.SelectMany(words => words.Select(word => (word, words[0]))).ToDictionary(pair => pair.word, pair => pair.Item2));
        app.MapPost("/v1/embeddings", (RequestDelegate)server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        var input = request.RootElement.GetProperty("input");
        string[] texts = input.ValueKind is JsonValueKind.Array ? [.. input.EnumerateArray().Select(text => text.GetString()!)] : [input.GetString()!];
        var model = request.RootElement.GetProperty("model").GetString()!;
        context.Response.StatusCode = Disliked is { } word && texts.Any(text => text.Contains(word, StringComparison.Ordinal)) ? DislikedStatus : Status;
        if (context.Response.StatusCode != 200)
        {
            await context.Response.WriteAsJsonAsync(new { error = new { message = "no" } });
            return;
        }

        foreach (var text in texts) Embedded.Enqueue((model, text));
        await context.Response.WriteAsJsonAsync(new
        {
            @object = "list",
            model,
            data = texts.Select((text, index) => new { @object = "embedding", index, embedding = Encode(Embed(text)) }),
            usage = new { prompt_tokens = 1, total_tokens = 1 },
        });
    }

    private float[] Embed(string text)
    {
        var vector = new float[Dimensions];
        foreach (var word in text.ToLowerInvariant().Split([' ', '\n', '-', ',', '.', '?', '"'], StringSplitOptions.RemoveEmptyEntries))
        {
            var random = new Random(_alike.GetValueOrDefault(word, word).Aggregate(17, (hash, character) => unchecked((hash * 31) + character)));
            for (var index = 0; index < Dimensions; index++) vector[index] += (float)(random.NextDouble() - 0.5);
        }

        if (vector.All(number => number == 0)) vector[0] = 1;
        return vector;
    }

    /// <summary>The SDK asks for base64 of little-endian floats.</summary>
    private static string Encode(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        Buffer.BlockCopy(vector, 0, bytes, 0, bytes.Length);
        return Convert.ToBase64String(bytes);
    }
}
