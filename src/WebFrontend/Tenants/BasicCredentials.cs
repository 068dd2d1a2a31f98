using System.Text;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>
/// HTTP Basic (RFC 7617) with an API key as the password and any user name. A browser keeps it and sends it along with
/// every request to the place it belongs to, whoever asked for that request: so what other sites ask for is refused.
/// </summary>
internal static class BasicCredentials
{
    public const string Challenge = "Basic realm=\"OpenClaw: the password is an admin key\", charset=\"UTF-8\"";

    private const string Scheme = "Basic ";
    private const int MaxLength = 1024;

    /// <summary>The password in an <c>Authorization</c> header, or null.</summary>
    public static string? PasswordIn(string header)
    {
        if (header.Length > MaxLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(bytes[..length]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    /// <summary>Whether another site made the browser send this (Fetch Metadata, https://www.w3.org/TR/fetch-metadata/).</summary>
    public static bool IsFromAnotherSite(HttpRequest request) =>
        request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site.ToString() is not ("same-origin" or "none");

    /// <summary>401 with the challenge that makes a browser ask for the key.</summary>
    public static async Task ChallengeAsync(HttpContext http)
    {
        var body = ErrorWriter.Prepare(http, RequestProblems.Unauthorized);
        http.Response.Headers.WWWAuthenticate = Challenge;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
