using Microsoft.Extensions.Options;

namespace OpenClaw.Grains.Models;

/// <summary>Checks the providers' addresses and the default model; each message names the setting.</summary>
internal sealed class ModelProviderOptionsValidator : IValidateOptions<ModelProviderOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelProviderOptions options)
    {
        var errors = new List<string>();
        Address(ModelProviderOptions.OpenAIBaseUrlSetting, options.OpenAIBaseUrl);
        Address(ModelProviderOptions.AnthropicBaseUrlSetting, options.AnthropicBaseUrl);
        if (options.DefaultModel is { } model && ModelRouter.ProviderOf(model, options) is null)
            errors.Add($"{ModelProviderOptions.DefaultModelSetting} is '{model}', which no configured provider serves; name another model or configure its provider.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Address(string setting, string? value)
        {
            if (value is null) return;
            if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                errors.Add($"{setting} must be an absolute http or https address such as http://localhost:11434/v1.");
        }
    }
}
