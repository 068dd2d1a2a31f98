using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Approvals;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Approvals;

/// <summary>Tool calls that wait for somebody's answer, and the policies that make them wait.</summary>
internal static class ApprovalsApi
{
    public static IEndpointRouteBuilder MapApprovalsApi(this IEndpointRouteBuilder routes)
    {
        var session = SessionsApi.Prefix + "/{sessionId}/approvals";
        routes.MapGroup(session).RequireScope(Scopes.Read).Get("", List);
        routes.MapGroup(session).RequireScope(Scopes.Write).Post("/{approvalId}", Decide);

        var admin = routes.MapGroup("/api/admin/tenants/{tenantId}/tool-policy").RequireOperator();
        admin.Get("", GetPolicy);
        admin.Put("", SetPolicy);
        return routes;
    }

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var list = SessionsApi.SessionOf(request) is { } grain ? await grain.ListApprovals(request.Aborted) : null;
        return list is null
            ? ApiResult.Refused(RequestProblems.SessionNotFound)
            : ApiResult.Ok(new ApprovalListResource(ApprovalResource.Of(list.Approvals)), WireJson.Instance.ApprovalListResource);
    }

    private static async Task<ApiResult> Decide(ApiRequest request)
    {
        if (SessionsApi.SessionOf(request) is not { } grain)
            return ApiResult.Refused(RequestProblems.SessionNotFound);
        var (decision, problem) = await request.ReadAsync(static fields => new DecisionRequest(ApprovalRequests.ReadDecision(fields)));
        if (decision is not { Decision: { } answer })
            return ApiResult.Refused(problem!);
        var approvalId = request.RouteValue("approvalId")!;
        var outcome = await grain.Decide(new DecideApproval(approvalId, answer, request.Caller.Scopes), CancellationToken.None);
        return outcome.Problem is not null
            ? ApiResult.Refused(outcome.Problem)
            : ApiResult.Ok(new DecidedApprovalResource(approvalId, outcome.Tool, ApprovalReasons.NameOf(answer)), WireJson.Instance.DecidedApprovalResource);
    }

    private static async Task<ApiResult> GetPolicy(ApiRequest request)
    {
        var limits = TenantOf(request) is { } tenant ? await tenant.GetLimits(request.Aborted) : null;
        return limits is null
            ? ApiResult.Refused(RequestProblems.TenantNotFound)
            : ApiResult.Ok(ToolPolicyResource.Of(limits.ToolPolicy ?? ToolPolicy.Empty), WireJson.Instance.ToolPolicyResource);
    }

    private static async Task<ApiResult> SetPolicy(ApiRequest request)
    {
        var (policy, problem) = await request.ReadAsync(static fields => ApprovalRequests.ReadPolicy(fields, required: true) ?? ToolPolicy.Empty);
        if (policy is null)
            return ApiResult.Refused(problem!);
        return TenantOf(request) is { } tenant && await tenant.SetToolPolicy(policy, CancellationToken.None)
            ? ApiResult.Ok(ToolPolicyResource.Of(policy), WireJson.Instance.ToolPolicyResource)
            : ApiResult.Refused(RequestProblems.TenantNotFound);
    }

    private static ITenantGrain? TenantOf(ApiRequest request) =>
        TenantId.TryParse(request.RouteValue("tenantId"), out var id) ? request.Grains.GetTenant(new TenantKey(id)) : null;

    private sealed record DecisionRequest(ApprovalDecision? Decision);
}
