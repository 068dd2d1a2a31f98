using Microsoft.Extensions.Options;

namespace OpenClaw.Grains.Skills.Registry;

/// <summary>Checks the registry's address, token and time-out; each message names the setting.</summary>
internal sealed class RegistryOptionsValidator : IValidateOptions<RegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistryOptions options)
    {
        var errors = new List<string>();
        // The address is not repeated: it may hold a password.
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
            errors.Add("OpenClaw__Skills__Registry__BaseUrl must be an absolute http or https address such as https://clawhub.ai.");
        else if (address.UserInfo.Length > 0)
            errors.Add("OpenClaw__Skills__Registry__BaseUrl must not hold a user name or password; use OpenClaw__Skills__Registry__Token.");
        else if (address.Query.Length > 0 || address.Fragment.Length > 0)
            errors.Add("OpenClaw__Skills__Registry__BaseUrl must end before any ? or #.");
        if (options.Token is { } token && !token.All(character => character is > ' ' and <= '~'))
            errors.Add("OpenClaw__Skills__Registry__Token must be printable ASCII without spaces.");
        if (options.Timeout < RegistryOptions.MinTimeout || options.Timeout > RegistryOptions.MaxTimeout)
            errors.Add($"OpenClaw__Skills__Registry__Timeout is {options.Timeout}; it must be between {RegistryOptions.MinTimeout} and {RegistryOptions.MaxTimeout}.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
