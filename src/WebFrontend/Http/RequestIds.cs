using System.Buffers;

namespace OpenClaw.WebFrontend.Http;

/// <summary>The id of a request: <c>X-Request-Id</c> of the answer, <c>requestId</c> of an error, the trace identifier in the log.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    /// <summary>Takes the caller's id over when it is 1 to 128 of <c>A-Za-z0-9-_.:</c>, else keeps the server's own.</summary>
    public static void Assign(HttpContext http)
    {
        if (http.Request.Headers.TryGetValue(Header, out var given) && given.Count == 1 && given[0] is { } id && IsAcceptable(id))
            http.TraceIdentifier = id;
        http.Response.Headers[Header] = http.TraceIdentifier;
    }

    private static bool IsAcceptable(string id) =>
        id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);
}
