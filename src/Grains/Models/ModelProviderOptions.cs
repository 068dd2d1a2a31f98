using Microsoft.Extensions.Configuration;

namespace OpenClaw.Grains.Models;

/// <summary>The providers and the default model, under the plain names that their own tools use. An empty value is an unset one.</summary>
public sealed class ModelProviderOptions
{
    public const string OpenAIApiKeySetting = "OPENAI_API_KEY";
    public const string OpenAIBaseUrlSetting = "OPENAI_BASE_URL";
    public const string AnthropicApiKeySetting = "ANTHROPIC_API_KEY";
    public const string AnthropicBaseUrlSetting = "ANTHROPIC_BASE_URL";
    public const string DefaultModelSetting = "OpenClaw:DefaultModel";

    public string? OpenAIApiKey { get; set; }

    /// <summary>Of any OpenAI-compatible server; legal without a key. <c>/v1</c> is added to an address without a path.</summary>
    public string? OpenAIBaseUrl { get; set; }

    public string? AnthropicApiKey { get; set; }

    /// <summary>Has no effect without a key.</summary>
    public string? AnthropicBaseUrl { get; set; }

    /// <summary>Model of a session that names none; null takes the first configured provider's.</summary>
    public string? DefaultModel { get; set; }

    internal bool HasOpenAI => OpenAIApiKey is not null || OpenAIBaseUrl is not null;

    internal bool HasAnthropic => AnthropicApiKey is not null;

    internal void Read(IConfiguration configuration)
    {
        OpenAIApiKey = Value(OpenAIApiKeySetting);
        OpenAIBaseUrl = Value(OpenAIBaseUrlSetting);
        AnthropicApiKey = Value(AnthropicApiKeySetting);
        AnthropicBaseUrl = Value(AnthropicBaseUrlSetting);
        DefaultModel = Value(DefaultModelSetting);

        string? Value(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }
}
