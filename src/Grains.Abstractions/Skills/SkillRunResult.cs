using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>How an execution ended.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillRunResult")]
public sealed record SkillRunResult
{
    /// <summary>Of a result, in bytes of JSON; more is a failure.</summary>
    public const int MaxBytes = 1024 * 1024;

    [Id(0)] public required string Action { get; init; }

    [Id(1)] public required SkillRunStatus Status { get; init; }

    /// <summary>JSON; empty where there is none.</summary>
    [Id(2)] public JsonPayload Result { get; init; }

    /// <summary>Why it failed, in words; null when it did not.</summary>
    [Id(3)] public LocalizedText? Error { get; init; }

    [Id(4)] public required long DurationMilliseconds { get; init; }

    /// <summary>Of the skill, as it was run.</summary>
    [Id(5)] public required string Version { get; init; }
}
