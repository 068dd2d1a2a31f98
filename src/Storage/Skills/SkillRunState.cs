using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Skills;

/// <summary>The record of an execution.</summary>
public sealed record SkillRunState
{
    public required TenantId Tenant { get; init; }

    public required string Skill { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string RunId { get; init; }

    public required string Action { get; init; }

    public required string Version { get; init; }

    public required string Revision { get; init; }

    /// <summary>The conversation that it was run for, or null.</summary>
    public string? SessionId { get; init; }

    public string? TurnId { get; init; }

    /// <summary>Null while it runs, and for good when its silo died under it.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary><c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>timeout</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }
}
