using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Turns a request's body into what a handler asks for, or says what is wrong with it.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };
    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    /// <summary>Reads the body with <paramref name="read"/>. No body and no media type read as <c>{}</c>.</summary>
    public static (T? Value, Problem? Problem) Read<T>(HttpRequest request, RequestBody body, Func<JsonFields, T> read)
        where T : class
    {
        if (body.Problem is not null)
            return (null, body.Problem);
        if (!IsJson(request.ContentType) && !(body.Utf8.IsEmpty && string.IsNullOrEmpty(request.ContentType)))
            return (null, RequestProblems.MediaType);
        return ReadDocument(body.Utf8.IsEmpty ? EmptyObject : WithoutByteOrderMark(body.Utf8), read);
    }

    /// <summary>Reads one JSON document with <paramref name="read"/>.</summary>
    public static (T? Value, Problem? Problem) ReadDocument<T>(ReadOnlyMemory<byte> utf8, Func<JsonFields, T> read)
        where T : class
    {
        if (!Utf8.IsValid(utf8.Span))
            return (null, Problem.Invalid(RequestProblems.Body, RequestReasons.NotUtf8));
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            var fields = JsonFields.OfBody(document.RootElement);
            if (fields.Problem is not null)
                return (null, fields.Problem);
            var value = read(fields);
            return fields.Problem is null ? (value, null) : (null, fields.Problem);
        }
        catch (JsonException exception)
        {
            var reason = RequestReasons.MalformedJson((exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
            return (null, Problem.Invalid(RequestProblems.Body, reason));
        }
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType is "application/json" or JsonResponse.MediaType)
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return false;
        var charset = type.Charset.HasValue ? HeaderUtilities.RemoveQuotes(type.Charset) : "utf-8";
        var isJson = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
        return isJson && charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }

    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
