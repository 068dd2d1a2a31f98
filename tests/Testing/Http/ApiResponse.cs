using System.Text.Json;

namespace OpenClaw.Testing.Http;

/// <summary>A whole answer. Its text stands in every failure message that shows it.</summary>
public sealed class ApiResponse
{
    private readonly HttpResponseMessage _message;

    internal ApiResponse(HttpResponseMessage message, string body)
    {
        _message = message;
        Body = body;
    }

    public int Status => (int)_message.StatusCode;

    public string Body { get; }

    public string? ContentType => _message.Content.Headers.ContentType?.MediaType;

    /// <summary>The body as JSON; throws with the body's text when it is none.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                return JsonElement.Parse(Body);
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException($"Not JSON: {this}", exception);
            }
        }
    }

    /// <summary>A header's values joined by commas, or null.</summary>
    public string? Header(string name) =>
        _message.Headers.TryGetValues(name, out var values) || _message.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>A text property at the end of a path of names.</summary>
    public string? Text(params string[] path) => path.Aggregate(Json, (json, name) => json.GetProperty(name)).GetString();

    public override string ToString() => $"{Status} {Body}";
}
