using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>How a turn ended: the assistant's message, or the error that stopped it.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TurnAnswer")]
public sealed record TurnAnswer
{
    [Id(0)] public required string MessageId { get; init; }

    /// <summary>The whole answer as Markdown, fences included.</summary>
    [Id(1)] public required string Content { get; init; }

    [Id(2)] public IReadOnlyList<TurnAction> Actions { get; init; } = [];

    [Id(3)] public required TokenUsage Usage { get; init; }

    [Id(4)] public required string FinishReason { get; init; }

    /// <summary>Set when the turn failed; <see cref="Content"/> then holds what was said before.</summary>
    [Id(5)] public Problem? Problem { get; init; }

    /// <summary>With <see cref="Sessions.FinishReason.Approval"/>: what it waits for. The rest is as far as it is.</summary>
    [Id(6)] public IReadOnlyList<ApprovalRequest> Approvals { get; init; } = Array.Empty<ApprovalRequest>();
}
