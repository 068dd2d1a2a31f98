using System.Globalization;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>The one place that writes an error: as the envelope of an HTTP answer, or as the error object of a frame.</summary>
internal static class ErrorWriter
{
    private static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");
    private static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText Details = JsonEncodedText.Encode("details");
    private static readonly JsonEncodedText Field = JsonEncodedText.Encode("field");
    private static readonly JsonEncodedText Reason = JsonEncodedText.Encode("reason");
    private static readonly JsonEncodedText RetryAfter = JsonEncodedText.Encode("retryAfter");
    private static readonly JsonEncodedText RequestId = JsonEncodedText.Encode("requestId");

    /// <summary>Answers with the problem's status, its headers and the envelope. The response must not have started.</summary>
    /// <param name="http">The request.</param>
    /// <param name="problem">What went wrong.</param>
    /// <param name="beside">Writes further members beside <c>error</c>.</param>
    public static Task WriteAsync(HttpContext http, Problem problem, Action<Utf8JsonWriter>? beside = null)
    {
        var body = Prepare(http, problem, beside);
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    /// <summary>Sets the problem's status and headers and returns the envelope, of the length that they announce.</summary>
    public static ReadOnlyMemory<byte> Prepare(HttpContext http, Problem problem, Action<Utf8JsonWriter>? beside = null)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        response.Headers.CacheControl = "no-store";
        var body = Envelope(problem, LanguagePreference.Of(http.Request), http.TraceIdentifier, beside);
        JsonResponse.SetHeaders(response, body.Length);
        return body;
    }

    /// <summary>The envelope as UTF-8.</summary>
    public static ReadOnlyMemory<byte> Envelope(
        Problem problem, Language language, string requestId, Action<Utf8JsonWriter>? beside = null) => JsonResponse.Build(json =>
    {
        json.WriteStartObject();
        beside?.Invoke(json);
        json.WritePropertyName(Error);
        WriteObject(json, problem, language, requestId);
        json.WriteEndObject();
    });

    /// <summary>The error object alone, as <c>error</c> holds it.</summary>
    public static void WriteObject(Utf8JsonWriter json, Problem problem, Language language, string requestId)
    {
        json.WriteStartObject();
        json.WriteString(Code, ErrorCatalogue.NameOf(problem.Code));
        json.WriteString(Message, In(ErrorCatalogue.MessageOf(problem.Code), language));
        if (problem.Field is not null || problem.Reason is not null)
        {
            json.WriteStartObject(Details);
            if (problem.Field is not null)
                json.WriteString(Field, problem.Field);
            if (problem.Reason is not null)
                json.WriteString(Reason, In(problem.Reason, language));
            json.WriteEndObject();
        }

        if (problem.RetryAfterSeconds is { } seconds)
            json.WriteNumber(RetryAfter, seconds);
        json.WriteString(RequestId, requestId);
        json.WriteEndObject();
    }

    /// <summary>The sentence in the language asked for.</summary>
    public static string In(LocalizedText text, Language language) =>
        language == Language.Chinese ? text.Chinese : text.English;
}
