using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills;

/// <summary>An installed skill as it is stored; what its files say is not repeated.</summary>
internal sealed record SkillState
{
    /// <summary>Null: it is not installed.</summary>
    public DateTimeOffset? InstalledAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Name of a <see cref="Abstractions.Skills.SkillSource"/>.</summary>
    public string Source { get; init; } = "";

    public string Version { get; init; } = "";

    public string Revision { get; init; } = "";

    public bool Enabled { get; init; }

    public long Size { get; init; }

    /// <summary>Whose it is in the registry, where that was named.</summary>
    public string? Owner { get; init; }

    public SkillSecretState[] Secrets { get; init; } = [];

    /// <summary>Tools that its Model Context Protocol servers had when they were last asked.</summary>
    public SkillToolState[] Tools { get; init; } = [];

    public string? WarningEnglish { get; init; }

    public string? WarningChinese { get; init; }

    public bool Exists() => InstalledAt is not null;

    public LocalizedText? Warning() => WarningEnglish is { } english ? new LocalizedText(english, WarningChinese ?? english) : null;
}

/// <param name="Name">As the skill knows it.</param>
/// <param name="Value">Protected.</param>
internal sealed record SkillSecretState(string Name, string Value);

/// <param name="Server">Which of the manifest's actions the server is.</param>
/// <param name="Name">The tool's.</param>
/// <param name="Description">As the server wrote it, shortened.</param>
/// <param name="Parameters">JSON Schema.</param>
internal sealed record SkillToolState(int Server, string Name, string Description, string Parameters);

/// <summary>A tenant's catalog as it is stored.</summary>
internal sealed record SkillCatalogState
{
    /// <summary>When the tenant was given the skills that every tenant has; what it uninstalled since stays away.</summary>
    public DateTimeOffset? FurnishedAt { get; init; }
}
