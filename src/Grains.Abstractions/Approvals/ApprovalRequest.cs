using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Approvals;

/// <summary>A tool call that waits for somebody's answer.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ApprovalRequest")]
public sealed record ApprovalRequest
{
    [Id(0)] public required string ApprovalId { get; init; }

    /// <summary>The turn that waits.</summary>
    [Id(1)] public required string TurnId { get; init; }

    [Id(2)] public required string Tool { get; init; }

    /// <summary>What it is called with: a JSON object. The answer holds for these arguments alone.</summary>
    [Id(3)] public required JsonPayload Arguments { get; init; }

    [Id(4)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is denied.</summary>
    [Id(5)] public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What waits in a session, in the order in which it was asked for.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ApprovalList")]
public sealed record ApprovalList([property: Id(0)] IReadOnlyList<ApprovalRequest> Approvals);

/// <summary>Somebody's answer. Stored as a number: the values are for good.</summary>
[GenerateSerializer, Alias("OpenClaw.ApprovalDecision")]
public enum ApprovalDecision
{
    /// <summary>This call may run.</summary>
    AllowOnce = 1,

    /// <summary>This call may run, and in this session every later one of the same tool with the same arguments.</summary>
    AllowAlways = 2,

    /// <summary>It may not.</summary>
    Deny = 3,

    /// <summary>Nobody answered in time.</summary>
    Expired = 4,
}

/// <summary>An answer to a request.</summary>
/// <param name="ApprovalId">The request.</param>
/// <param name="Decision">Anything but <see cref="ApprovalDecision.Expired"/>.</param>
/// <param name="Scopes">What whoever answers may do: nobody allows a tool that they could not use.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.DecideApproval")]
public sealed record DecideApproval(
    [property: Id(0)] string ApprovalId, [property: Id(1)] ApprovalDecision Decision, [property: Id(2)] Scopes Scopes);

/// <summary>Whether the answer counts.</summary>
/// <param name="Tool">The tool that was asked for.</param>
/// <param name="Problem">Why it does not: there is no such request, or it was answered before.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.ApprovalOutcome")]
public sealed record ApprovalOutcome([property: Id(0)] string Tool, [property: Id(1)] Problem? Problem = null);
