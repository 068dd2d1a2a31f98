using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>A page of executions, the latest first.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillRunPage")]
public sealed record SkillRunPage
{
    [Id(0)] public IReadOnlyList<SkillRunInfo> Runs { get; init; } = [];

    [Id(1)] public string? NextCursor { get; init; }

    [Id(2)] public Problem? Problem { get; init; }
}
