using System.Text.Json;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>What a skill's folder says of it: the frontmatter of <c>SKILL.md</c>, and <c>actions.json</c>. The format is in <c>docs/skills.md</c>.</summary>
internal sealed record SkillManifest
{
    public required string Name { get; init; }

    /// <summary>1 to 1024 characters; what a model reads to decide whether the skill helps.</summary>
    public required string Description { get; init; }

    /// <summary>Null when the frontmatter names none.</summary>
    public string? Version { get; init; }

    public string? Homepage { get; init; }

    public string? License { get; init; }

    /// <summary>Whether conversations are offered the skill; its actions can be executed by the API either way.</summary>
    public bool IsForModels { get; init; } = true;

    /// <summary>What <c>metadata.openclaw</c> says the skill has to be given, in its order; each name once.</summary>
    public IReadOnlyList<SkillSecret> Secrets { get; init; } = [];

    /// <summary>Names of those without which it is not to be expected to work.</summary>
    public IEnumerable<string> RequiredSecrets => Secrets.Where(secret => secret.IsRequired).Select(secret => secret.Name);

    /// <summary>At least one. The tools of an <see cref="McpRunner"/> become further ones at installation.</summary>
    public required IReadOnlyList<SkillAction> Actions { get; init; }
}

/// <summary>Something that a skill has to be given: a key, a token, an address.</summary>
/// <param name="Name">As the skill's programs and templates know it: <c>[A-Za-z][A-Za-z0-9_]{0,63}</c>.</param>
/// <param name="IsRequired">Without it the skill is not to be expected to work.</param>
/// <param name="Description">For whoever is to set it; null when the skill says nothing.</param>
internal sealed record SkillSecret(string Name, bool IsRequired, string? Description);

/// <summary>Something that a skill does.</summary>
internal sealed record SkillAction
{
    /// <summary>Of an action that was given none.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(60);

    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>1 to 64 of <c>A-Za-z0-9._-</c>; 128 for a tool of a Model Context Protocol server.</summary>
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>JSON Schema of the parameters, an object.</summary>
    public required JsonElement Parameters { get; init; }

    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>An execution that a crash has cut may be made again.</summary>
    public bool IsIdempotent { get; init; }

    public required SkillRunner Runner { get; init; }
}
