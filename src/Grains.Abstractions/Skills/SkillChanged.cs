using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>The skill as it is now, or why nothing was changed.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillChanged")]
public sealed record SkillChanged([property: Id(0)] SkillInfo? Skill, [property: Id(1)] Problem? Problem);
