using System.Buffers;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Json;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Writes JSON answers: whole, with their length, readable as UTF-8.</summary>
internal static class JsonResponse
{
    public const string MediaType = "application/json; charset=utf-8";

    /// <summary>For writers whose callers keep the structure valid.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = MinimalJsonEncoder.Instance, SkipValidation = true };

    public static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        SetHeaders(http.Response, body.Length);
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>The headers of a body of this many bytes.</summary>
    public static void SetHeaders(HttpResponse response, int length)
    {
        response.ContentType = MediaType;
        response.ContentLength = length;
        response.Headers.XContentTypeOptions = "nosniff";
    }

    public static ReadOnlyMemory<byte> Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
            write(json);
        return buffer.WrittenMemory;
    }
}
