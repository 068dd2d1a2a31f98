using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary><c>/api/sessions</c>: creating, reading, changing and deleting conversations.</summary>
internal static class SessionsApi
{
    public const string Prefix = "/api/sessions";

    public static IEndpointRouteBuilder MapSessionsApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup(Prefix).RequireScope(Scopes.Read);
        read.Get("/", List);
        read.Get("/{sessionId}", Get);

        var write = routes.MapGroup(Prefix).RequireScope(Scopes.Write);
        write.Post("/", Create);
        write.Patch("/{sessionId}", Update);
        write.Delete("/{sessionId}", Delete);
        write.Post("/{sessionId}/cancel", Cancel);
        return routes;
    }

    /// <summary>The grain of the session that the path names, or null when no session can have that id.</summary>
    public static ISessionGrain? SessionOf(ApiRequest request) => KeyOf(request) is { } key
        ? request.Grains.GetSession(key)
        : null;

    /// <summary>The key of the session that the path names, or null when no session can have that id.</summary>
    public static SessionKey? KeyOf(ApiRequest request) =>
        request.RouteValue("sessionId") is { } id && SessionIds.IsPossible(id) ? new SessionKey(request.Caller.Tenant, id) : null;

    private static async Task<ApiResult> Create(ApiRequest request)
    {
        if (request.Services.IsOverloaded)
            return ApiResult.Refused(RequestProblems.Overloaded);
        var (command, problem) = await request.ReadAsync(SessionRequests.ReadCreate);
        if (command is null)
            return ApiResult.Refused(problem!);
        var key = new SessionKey(request.Caller.Tenant, SessionIds.Create(request.Services.Time.GetUtcNow()));
        var grain = request.Grains.GetSession(key);
        var created = await grain.Create(command, CancellationToken.None);
        // The id is this request's own, so a session that is there was made by a call of ours that got no answer.
        var made = created is { Problem.Status: StatusCodes.Status409Conflict } ? await grain.Get(request.Aborted) : created.Session;
        if (made is not { } session)
            return ApiResult.Refused(created.Problem ?? RequestProblems.Unexpected);
        return ApiResult.Created(
            string.Concat(Prefix, "/", session.SessionId),
            new CreatedSessionResource(session.SessionId, SessionResource.StatusOf(session.Status), session.Model, session.ServedBy, session.CreatedAt),
            WireJson.Instance.CreatedSessionResource);
    }

    private static async Task<ApiResult> Get(ApiRequest request)
    {
        var session = SessionOf(request) is { } grain ? await grain.Get(request.Aborted) : null;
        return session is null
            ? ApiResult.Refused(RequestProblems.SessionNotFound)
            : ApiResult.Ok(SessionResource.Of(session), WireJson.Instance.SessionResource);
    }

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var directory = request.Grains.GetTenantDirectory(new TenantKey(request.Caller.Tenant));
        var page = await directory.ListSessions(limit, cursor, request.Aborted);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(new SessionListResource([.. page.Sessions.Select(SessionResource.Of)], page.NextCursor), WireJson.Instance.SessionListResource);
    }

    private static async Task<ApiResult> Update(ApiRequest request)
    {
        if (SessionOf(request) is not { } grain)
            return ApiResult.Refused(RequestProblems.SessionNotFound);
        var (command, problem) = await request.ReadAsync(SessionRequests.ReadUpdate);
        if (command is null)
            return ApiResult.Refused(problem!);
        var updated = await grain.Update(command, CancellationToken.None);
        return updated.Session is { } session
            ? ApiResult.Ok(SessionResource.Of(session), WireJson.Instance.SessionResource)
            : ApiResult.Refused(updated.Problem ?? RequestProblems.SessionNotFound);
    }

    private static async Task<ApiResult> Delete(ApiRequest request)
    {
        if (KeyOf(request) is not { } key || !await request.Grains.GetSession(key).Delete(CancellationToken.None))
            return ApiResult.Refused(RequestProblems.SessionNotFound);
        return ApiResult.Ok(new DeletedSessionResource(key.SessionId, "deleted"), WireJson.Instance.DeletedSessionResource);
    }

    private static async Task<ApiResult> Cancel(ApiRequest request)
    {
        if (KeyOf(request) is not { } key)
            return ApiResult.Refused(RequestProblems.SessionNotFound);
        var result = await request.Grains.GetSession(key).Cancel(CancellationToken.None);
        return result.Found
            ? ApiResult.Ok(CancelResource.Of(key, result.TurnId), WireJson.Instance.CancelResource)
            : ApiResult.Refused(RequestProblems.SessionNotFound);
    }
}
