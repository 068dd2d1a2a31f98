using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>Refuses to start with an admin key that no client could send.</summary>
internal sealed class BootstrapOptionsValidator : IValidateOptions<BootstrapOptions>
{
    public ValidateOptionsResult Validate(string? name, BootstrapOptions options) =>
        string.IsNullOrEmpty(options.BootstrapApiKey) || ApiKeySecret.IsSendable(options.BootstrapApiKey)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{BootstrapOptions.Section}:{nameof(options.BootstrapApiKey)} must be 1 to {ApiKeySecret.MaxLength} visible ASCII characters.");
}
