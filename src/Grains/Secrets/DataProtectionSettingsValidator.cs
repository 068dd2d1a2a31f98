using Microsoft.Extensions.Options;

namespace OpenClaw.Grains.Secrets;

/// <summary>Refuses to start with a key that is none.</summary>
internal sealed class DataProtectionSettingsValidator : IValidateOptions<DataProtectionSettings>
{
    private const string Rule = "must be 32 random bytes in base64, as 'openssl rand -base64 32' makes them.";

    public ValidateOptionsResult Validate(string? name, DataProtectionSettings options)
    {
        if (!string.IsNullOrEmpty(options.Key) && !KeyEncryptionKey.IsKey(options.Key))
            return ValidateOptionsResult.Fail($"{DataProtectionSettings.Section}:{nameof(options.Key)} {Rule}");
        for (var index = 0; index < options.PreviousKeys.Count; index++)
        {
            if (!KeyEncryptionKey.IsKey(options.PreviousKeys[index]))
                return ValidateOptionsResult.Fail($"{DataProtectionSettings.Section}:{nameof(options.PreviousKeys)}:{index} {Rule}");
        }

        return ValidateOptionsResult.Success;
    }
}
