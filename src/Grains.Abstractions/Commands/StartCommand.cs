namespace OpenClaw.Grains.Abstractions.Commands;

/// <summary>A command to be run by <c>/bin/bash -c</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.StartCommand")]
public sealed record StartCommand
{
    /// <summary>Of a command, in bytes of UTF-8: what Linux takes as one argument, less its end.</summary>
    public const int MaxCommandBytes = 128 * 1024 - 1;

    /// <summary>Milliseconds.</summary>
    public const int DefaultTimeout = 30_000;

    /// <summary>Milliseconds.</summary>
    public const int MaxTimeout = 600_000;

    [Id(0)] public required string Command { get; init; }

    /// <summary>Absolute path of a directory in the workspace.</summary>
    [Id(1)] public required string Directory { get; init; }

    /// <summary>Milliseconds, 1 to <see cref="MaxTimeout"/>; then it is killed.</summary>
    [Id(2)] public required int Timeout { get; init; }

    /// <summary>It goes on when nobody reads it.</summary>
    [Id(3)] public bool Background { get; init; }

    /// <summary>It sees the folders of the tenant's enabled skills, below <c>/opt/skills</c>.</summary>
    [Id(4)] public bool SeesSkills { get; init; }
}
