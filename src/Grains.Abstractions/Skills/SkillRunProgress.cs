namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>What an execution has come to.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillRunProgress")]
public sealed record SkillRunProgress([property: Id(0)] SkillRunResult? Result);
