namespace OpenClaw.Grains.Skills;

/// <summary>What a skill's grain hands to executions in silos, and to nobody else. Key: that of <see cref="Abstractions.Skills.ISkillGrain"/>.</summary>
[Alias("OpenClaw.ISkillVault")]
internal interface ISkillVault : IGrainWithStringKey
{
    /// <summary>The skill's secrets, protected, and the tools of its servers; null when it is not installed.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Open"), Orleans.Concurrency.AlwaysInterleave]
    Task<SkillVault?> Open(CancellationToken cancellationToken);
}

/// <summary>What an execution needs beside the skill's files.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillVault")]
internal sealed record SkillVault
{
    [Id(0)] public required string[] SecretNames { get; init; }

    /// <summary>Protected, in the order of the names.</summary>
    [Id(1)] public required string[] SecretValues { get; init; }

    /// <summary>Names of the tools of Model Context Protocol servers.</summary>
    [Id(2)] public required string[] ToolNames { get; init; }

    /// <summary>Which of the manifest's actions the server of each is.</summary>
    [Id(3)] public required int[] ToolServers { get; init; }

    /// <summary>JSON Schema of each.</summary>
    [Id(4)] public required string[] ToolParameters { get; init; }

    /// <summary>The revision that the tools are of.</summary>
    [Id(5)] public required string Revision { get; init; }
}
