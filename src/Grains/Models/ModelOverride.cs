namespace OpenClaw.Grains.Models;

/// <summary>What differs for one model. A list entry, because a model's name may hold a colon, which a section's name cannot.</summary>
public sealed class ModelOverride
{
    /// <summary>The model's exact name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Tokens that it takes, or null for the general setting.</summary>
    public int? ContextTokens { get; set; }

    /// <summary>Its own fallbacks, or null for the general ones.</summary>
    public IList<string>? Fallbacks { get; set; }
}
