using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary><c>/api/admin/sessions</c>: what runs, over all tenants, and stopping it. An operator sees no content.</summary>
internal static class AdminSessionsApi
{
    private const string Prefix = "/api/admin/sessions";

    public static IEndpointRouteBuilder MapAdminSessionsApi(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup(Prefix).RequireOperator();
        admin.Get("/active", ListActive);
        admin.Post("/{sessionId}/cancel", Cancel);
        return routes;
    }

    private static async Task<ApiResult> ListActive(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor, tenant) = (query.Limit(), query.Cursor(), query.Tenant());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var page = await DirectoryOf(request).ListActiveSessions(tenant?.Value, limit, cursor, request.Aborted);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(
                new ActiveSessionListResource([.. page.Sessions.Select(ActiveSessionResource.Of)], page.NextCursor),
                WireJson.Instance.ActiveSessionListResource);
    }

    private static async Task<ApiResult> Cancel(ApiRequest request)
    {
        var (body, problem) = await request.ReadAsync(ReadCancel);
        if (body is null)
            return ApiResult.Refused(problem!);
        if (request.RouteValue("sessionId") is not { } id || !SessionIds.IsPossible(id))
            return ApiResult.Refused(RequestProblems.SessionNotFound);
        if (body.Tenant is not { } tenant)
        {
            if (await DirectoryOf(request).FindSessionOwner(id, CancellationToken.None) is not { } owner)
                return ApiResult.Refused(RequestProblems.SessionNotFound);
            if (owner.IsAmbiguous)
                return ApiResult.Refused(Problem.Invalid("tenantId", RequestReasons.AmbiguousSession));
            tenant = TenantId.Parse(owner.TenantId);
        }

        // The call is made in the name of the one tenant that it is about: its grains and no others let it in.
        TenantContext.Set(tenant);
        var key = new SessionKey(tenant, id);
        var result = await request.Grains.GetSession(key).Cancel(CancellationToken.None);
        return result.Found
            ? ApiResult.Ok(CancelResource.Of(key, result.TurnId), WireJson.Instance.CancelResource)
            : ApiResult.Refused(RequestProblems.SessionNotFound);
    }

    private static CancelRequest ReadCancel(JsonFields fields)
    {
        var text = fields.Text("tenantId");
        if (text is null)
            return new CancelRequest(null);
        if (!TenantId.TryParse(text, out var tenant))
            fields.Refuse("tenantId", RequestReasons.TenantIdShape);
        return new CancelRequest(tenant);
    }

    private static ITenantDirectoryGrain DirectoryOf(ApiRequest request) =>
        request.Grains.GetTenantDirectory(new TenantKey(TenantId.Default));

    /// <summary>Whose session is meant; null where the id says it.</summary>
    private sealed record CancelRequest(TenantId? Tenant);
}
