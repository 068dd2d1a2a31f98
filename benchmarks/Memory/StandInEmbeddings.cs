using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Benchmarks.Memory;

/// <summary>
/// An embedding server for runs without a real one: a text's vector counts its pieces of one to three letters. It shows what the
/// hybrid search costs and that it takes nothing away; what a model's meaning adds it cannot show.
/// </summary>
internal sealed class StandInEmbeddings : IAsyncDisposable
{
    private const int Dimensions = 768;

    private readonly WebApplication _app;

    private StandInEmbeddings(WebApplication app) => _app = app;

    public string BaseUrl => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    public static async Task<StandInEmbeddings> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapPost("/v1/embeddings", (RequestDelegate)AnswerAsync);
        await app.StartAsync();
        return new StandInEmbeddings(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        var input = request.RootElement.GetProperty("input");
        string[] texts = input.ValueKind is JsonValueKind.Array ? [.. input.EnumerateArray().Select(text => text.GetString()!)] : [input.GetString()!];
        await context.Response.WriteAsJsonAsync(new
        {
            @object = "list",
            model = "stand-in",
            data = texts.Select((text, index) => new { @object = "embedding", index, embedding = Encode(Embed(text)) }),
            usage = new { prompt_tokens = 1, total_tokens = 1 },
        });
    }

    private static float[] Embed(string text)
    {
        var vector = new float[Dimensions];
        var lower = text.ToLowerInvariant();
        for (var length = 1; length <= 3; length++)
        {
            for (var at = 0; at + length <= lower.Length; at++)
            {
                var hash = 17u;
                foreach (var letter in lower.AsSpan(at, length)) hash = unchecked((hash * 16777619) ^ letter);
                vector[hash % Dimensions] += length * ((hash & 0x10000) == 0 ? 1 : -1);
            }
        }

        if (vector.All(number => number == 0)) vector[0] = 1;
        return vector;
    }

    private static string Encode(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        Buffer.BlockCopy(vector, 0, bytes, 0, bytes.Length);
        return Convert.ToBase64String(bytes);
    }
}
