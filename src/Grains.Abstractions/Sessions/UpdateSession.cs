using OpenClaw.Grains.Abstractions.Approvals;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>Changes of a session; what is null stays as it is.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.UpdateSession")]
public sealed record UpdateSession
{
    [Id(0)] public string? Model { get; init; }

    [Id(1)] public JsonPayload? Context { get; init; }

    [Id(2)] public string? Title { get; init; }

    [Id(3)] public ToolPolicy? ToolPolicy { get; init; }
}
