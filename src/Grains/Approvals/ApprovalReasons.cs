using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Approvals;

/// <summary>What those who answer requests, and models whose calls do not run, are told.</summary>
public static class ApprovalReasons
{
    public static LocalizedText NotFound { get; } = new("no such request waits or was answered lately", "没有此审批请求,或其早已处理");

    public static LocalizedText Expired { get; } = new("nobody answered in time, so it was denied", "审批已超时,视为拒绝");

    public static LocalizedText Answered(ApprovalDecision decision) => new(
        $"was answered before: {NameOf(decision)}; the first answer counts", $"已处理:{NameOf(decision)},以首次处理为准");

    public static LocalizedText Scopes { get; } = new(
        "this key cannot use the tool, so it cannot allow it; answer with a key that can", "此密钥无权使用该工具,因此不能批准;请使用有权限的密钥");

    /// <summary>For the model.</summary>
    public const string DeniedToModel = "The user was asked and did not allow this call. Do not try it again in another form; go on without it, or ask what to do instead.";

    /// <summary>For the model.</summary>
    public const string ExpiredToModel = "The user was asked and did not answer in time, so the call did not run. Go on without it, or ask again later.";

    /// <summary>For the model.</summary>
    public const string ForbiddenToModel = "The policy of this conversation does not allow this call. Do not try it again in another form.";

    /// <summary>For the model.</summary>
    public const string UnknownToModel = "Whether this call is allowed could not be found out just now, so it did not run. Try it again later.";

    /// <summary>As it stands in JSON.</summary>
    public static string NameOf(ApprovalDecision decision) => decision switch
    {
        ApprovalDecision.AllowOnce => "allow-once",
        ApprovalDecision.AllowAlways => "allow-always",
        ApprovalDecision.Deny => "deny",
        _ => "expired",
    };
}
