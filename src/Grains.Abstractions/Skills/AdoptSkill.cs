namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>A revision whose files are in place, for the skill's grain to take.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.AdoptSkill")]
public sealed record AdoptSkill
{
    [Id(0)] public required SkillSource Source { get; init; }

    [Id(1)] public required string Version { get; init; }

    [Id(2)] public required string Revision { get; init; }

    /// <summary>Bytes of its files.</summary>
    [Id(3)] public required long Size { get; init; }
}
