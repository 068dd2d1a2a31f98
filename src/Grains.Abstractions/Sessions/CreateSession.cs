using OpenClaw.Grains.Abstractions.Approvals;

namespace OpenClaw.Grains.Abstractions.Sessions;

[GenerateSerializer, Immutable, Alias("OpenClaw.CreateSession")]
public sealed record CreateSession
{
    /// <summary>Model's name as the caller gave it, or null for the default model.</summary>
    [Id(0)] public string? Model { get; init; }

    /// <summary>The caller's own JSON object, at most 64 KiB.</summary>
    [Id(1)] public JsonPayload Context { get; init; }

    /// <summary>At most 200 characters; null takes it from the first message.</summary>
    [Id(2)] public string? Title { get; init; }

    /// <summary>At most 64 KiB of UTF-8.</summary>
    [Id(3)] public string? SystemPrompt { get; init; }

    [Id(4)] public OverlapRule? Overlap { get; init; }

    /// <summary>What its tools may do beside what its tenant says; null: everything.</summary>
    [Id(5)] public ToolPolicy? ToolPolicy { get; init; }
}
