namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>What is to be installed. An installed skill of that name is brought to it.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.InstallSkill")]
public sealed record InstallSkill
{
    [Id(0)] public required SkillSource Source { get; init; }

    /// <summary>Null only with <see cref="SkillSource.File"/>: then the folder says it.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>Null takes the latest.</summary>
    [Id(2)] public string? Version { get; init; }

    /// <summary>With <see cref="SkillSource.File"/>: absolute path of a folder or a zip in the workspace.</summary>
    [Id(3)] public string? Path { get; init; }

    /// <summary>With <see cref="SkillSource.ClawHub"/>: whose skill of that name; null where there is one alone.</summary>
    [Id(4)] public string? Owner { get; init; }

    /// <summary>Installs what the registry takes for suspicious. What it takes for malware is refused all the same.</summary>
    [Id(5)] public bool Force { get; init; }

    /// <inheritdoc cref="AdoptSkill.MayRun"/>
    [Id(6)] public bool MayRun { get; init; }
}
