namespace OpenClaw.Grains.Models;

/// <summary>Who can answer.</summary>
internal enum ModelProviderKind
{
    OpenAI,
    Anthropic,
    Offline,
}
