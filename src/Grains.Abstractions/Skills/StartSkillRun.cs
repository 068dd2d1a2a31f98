using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>An action to be executed.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.StartSkillRun")]
public sealed record StartSkillRun
{
    [Id(0)] public required string Skill { get; init; }

    /// <summary>Null is the skill's only action.</summary>
    [Id(1)] public string? Action { get; init; }

    /// <summary>A JSON object of at most 1 MiB.</summary>
    [Id(2)] public required JsonPayload Parameters { get; init; }

    /// <summary>What whoever executes it may do: a prompt's turn has the tools that these allow.</summary>
    [Id(3)] public required Scopes Scopes { get; init; }

    /// <summary>The revision to run; null is the one that is installed.</summary>
    [Id(4)] public string? Revision { get; init; }

    /// <summary>The conversation that it is run for, or null.</summary>
    [Id(5)] public string? SessionId { get; init; }

    [Id(6)] public string? TurnId { get; init; }

    /// <summary>Of the <see cref="Revision"/>; null with it.</summary>
    [Id(7)] public string? Version { get; init; }

    /// <summary>The API key of whoever executes it; null when it is not known.</summary>
    [Id(8)] public string? KeyId { get; init; }
}
