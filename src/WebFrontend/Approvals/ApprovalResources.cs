using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Approvals;

/// <summary>A tool call that waits for somebody's answer.</summary>
internal sealed record ApprovalResource(
    string ApprovalId, string TurnId, string Tool, RawJson Arguments, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static IReadOnlyList<ApprovalResource> Of(IReadOnlyList<ApprovalRequest> approvals) =>
    [
        .. approvals.Select(approval => new ApprovalResource(
            approval.ApprovalId, approval.TurnId, approval.Tool, RawJson.OrEmptyObject(approval.Arguments), approval.CreatedAt, approval.ExpiresAt)),
    ];
}

/// <summary>What waits in a session.</summary>
internal sealed record ApprovalListResource(IReadOnlyList<ApprovalResource> Approvals);

/// <summary>The answer that counts.</summary>
internal sealed record DecidedApprovalResource(string ApprovalId, string Tool, string Decision);

/// <summary>A rule of a policy.</summary>
internal sealed record ToolRuleResource(string Tool, IReadOnlyDictionary<string, string>? Arguments, string Decision)
{
    public static IReadOnlyList<ToolRuleResource> Of(ToolPolicy policy) =>
    [
        .. policy.Rules.Select(rule => new ToolRuleResource(
            rule.Tool,
            rule.Arguments.Count == 0 ? null : rule.Arguments.ToDictionary(pattern => pattern.Name, pattern => pattern.Pattern),
            NameOf(rule.Decision))),
    ];

    private static string NameOf(ToolDecision decision) => decision switch
    {
        ToolDecision.Allow => "allow",
        ToolDecision.Ask => "ask",
        _ => "deny",
    };
}

/// <summary>A tenant's policy.</summary>
internal sealed record ToolPolicyResource([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<ToolRuleResource> ToolPolicy)
{
    public static ToolPolicyResource Of(ToolPolicy policy) => new(ToolRuleResource.Of(policy));
}
