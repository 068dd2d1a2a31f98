using OpenClaw.Grains.Abstractions.Skills;

namespace OpenClaw.Grains.Skills;

/// <summary>What a skill's grain hands to executions in silos, and to nobody else. Key: that of <see cref="ISkillGrain"/>.</summary>
[Alias("OpenClaw.ISkillVault")]
internal interface ISkillVault : IGrainWithStringKey
{
    /// <summary>The skill with its secrets and the tools of its servers; null when it is not installed.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Open"), Orleans.Concurrency.AlwaysInterleave]
    Task<SkillVault?> Open(CancellationToken cancellationToken);
}

/// <summary>What an execution needs beside the skill's files.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillVault")]
internal sealed record SkillVault
{
    [Id(0)] public required SkillInfo Skill { get; init; }

    [Id(1)] public required SkillVaultSecret[] Secrets { get; init; }

    /// <summary>Of the revision that is installed.</summary>
    [Id(2)] public required SkillVaultTool[] Tools { get; init; }
}

/// <param name="Name">As the skill knows it.</param>
/// <param name="Value">Protected.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillVaultSecret")]
internal sealed record SkillVaultSecret([property: Id(0)] string Name, [property: Id(1)] string Value);

/// <summary>A tool of a Model Context Protocol server.</summary>
/// <param name="Server">Which of the manifest's actions the server is.</param>
/// <param name="Name">The tool's.</param>
/// <param name="Parameters">JSON Schema.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillVaultTool")]
internal sealed record SkillVaultTool([property: Id(0)] int Server, [property: Id(1)] string Name, [property: Id(2)] string Parameters);
