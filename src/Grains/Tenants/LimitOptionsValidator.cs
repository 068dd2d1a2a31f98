using Microsoft.Extensions.Options;

namespace OpenClaw.Grains.Tenants;

/// <summary>Refuses to start on a default limit that no tenant could have.</summary>
internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options) =>
        LimitRules.FindViolation(options.ToLimits()) is { } violation
            ? ValidateOptionsResult.Fail($"{LimitOptions.Section}:{violation.Name} must be {violation.Range}.")
            : ValidateOptionsResult.Success;
}
