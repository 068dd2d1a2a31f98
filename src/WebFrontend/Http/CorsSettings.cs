using Microsoft.Extensions.Options;

namespace OpenClaw.WebFrontend.Http;

/// <summary>
/// Which web pages may call the API from a browser. Section <c>OpenClaw:Cors</c>. Off by default. Cookies are never
/// allowed across origins, so <c>*</c> lets any page call, but only with a key that it holds itself.
/// </summary>
internal sealed class CorsSettings
{
    public const string Section = "OpenClaw:Cors";

    /// <summary>Origins such as <c>https://app.example.com</c>, or the single entry <c>*</c>.</summary>
    public string[] Origins { get; set; } = [];
}

/// <summary>Refuses to start on something that is not an origin.</summary>
internal sealed class CorsSettingsValidator : IValidateOptions<CorsSettings>
{
    public ValidateOptionsResult Validate(string? name, CorsSettings options)
    {
        if (options.Origins is ["*"])
            return ValidateOptionsResult.Success;
        var wrong = options.Origins.FirstOrDefault(origin => !IsOrigin(origin));
        return wrong is null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{CorsSettings.Section}:Origins holds '{wrong}'; give scheme, host and port alone, such as https://app.example.com, or '*' as the only entry.");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
