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

    /// <summary>Whose it is in the registry; null where nobody was named.</summary>
    [Id(4)] public string? Owner { get; init; }

    /// <summary>Whoever installs it may run programs: its servers are asked for their tools.</summary>
    [Id(5)] public bool MayRun { get; init; }
}
