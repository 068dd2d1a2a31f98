using OpenClaw.Grains.Abstractions.Skills;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>A piece of a template: a text as it is, or a placeholder.</summary>
internal sealed record TemplatePart
{
    private const string SecretPrefix = "secrets.";
    private const int MaxName = 256;

    /// <summary>The text; null for a placeholder.</summary>
    public string? Literal { get; init; }

    /// <summary>A secret's name, or null.</summary>
    public string? Secret { get; init; }

    /// <summary>The way to a parameter, from the outside in; empty is all of them.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>What stands where there is no value; null when nothing does.</summary>
    public string? Default { get; init; }

    /// <summary>The placeholder as an error names it.</summary>
    public string Told => Secret is { } secret ? SecretPrefix + secret : Names.Count == 0 ? "params" : string.Join('.', Names);

    /// <summary>What stands between the braces; null when it is no placeholder.</summary>
    public static TemplatePart? Read(string text)
    {
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        var name = (bar < 0 ? text : text[..bar]).Trim();
        var otherwise = bar < 0 ? null : text[(bar + 1)..].Trim();
        if (name.Length is 0 or > MaxName) return null;
        if (name == "params") return new TemplatePart { Default = otherwise };
        if (name.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return SkillNames.IsSecretName(name[SecretPrefix.Length..]) ? new TemplatePart { Secret = name[SecretPrefix.Length..], Default = otherwise } : null;
        var names = name.Split('.');
        return names.All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$' or '[' or ']'))
            ? new TemplatePart { Names = names, Default = otherwise }
            : null;
    }
}
