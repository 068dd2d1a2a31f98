using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Logins;

/// <summary>
/// The cookie of a browser that has signed in: 256 random bits, of which the server keeps a hash. Scripts cannot read it, and
/// browsers send it along with what pages of this server ask for alone.
/// </summary>
internal static class ConsoleCookie
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const string Name = "openclaw_console";
    private const int Length = 43;

    /// <summary>The sign-in that a request shows, or null. It may have ended.</summary>
    public static Credential? Of(HttpRequest request) =>
        request.Cookies[Name] is { Length: Length } value ? new Credential(CredentialKind.Login, KeyDigest.Of(value)) : null;

    /// <summary>Sets a new cookie.</summary>
    public static Credential Set(HttpContext http)
    {
        var value = ApiKeySecret.RandomText();
        http.Response.Cookies.Append(Name, value, OptionsOf(http.Request, Lifetime));
        return new Credential(CredentialKind.Login, KeyDigest.Of(value));
    }

    public static void Clear(HttpContext http) => http.Response.Cookies.Append(Name, "", OptionsOf(http.Request, TimeSpan.Zero));

    private static CookieOptions OptionsOf(HttpRequest request, TimeSpan lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Secure = request.IsHttps,
        MaxAge = lifetime,
    };
}
