using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Skills;

/// <summary><c>/api/skills</c>: what the tenant's assistants can do beyond talking.</summary>
internal static class SkillsApi
{
    private const string Prefix = "/api/skills";

    public static IEndpointRouteBuilder MapSkillsApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup(Prefix).RequireScope(Scopes.Read);
        read.Get("", List);
        read.Get("/{name}", Get);
        read.Get("/{name}/runs", ListRuns);

        var write = routes.MapGroup(Prefix).RequireScope(Scopes.Write);
        write.Post("/install", Install);
        write.Patch("/{name}", Update);
        write.Put("/{name}/secrets", SetSecrets);
        write.Delete("/{name}", Delete);

        routes.MapGroup(Prefix).RequireScope(Scopes.Execute).Post("/{name}/execute", Execute);
        return routes;
    }

    private static bool MayRun(ApiRequest request) => request.Caller.Scopes.HasFlag(Scopes.Execute);

    private static ISkillCatalogGrain CatalogOf(ApiRequest request) => request.Grains.GetSkillCatalog(new SkillCatalogKey(request.Caller.Tenant));

    /// <summary>The installed skill that the path names, or null. The catalog is asked first: it is what gives a new tenant its skills.</summary>
    private static async Task<(SkillInfo Info, ISkillGrain Grain)?> FindAsync(ApiRequest request) =>
        request.RouteValue("name") is { } name && KeyNames.IsName(name) && await CatalogOf(request).Find(name, request.Aborted) is { } info
            ? (info, request.Grains.GetSkill(new SkillKey(request.Caller.Tenant, name)))
            : null;

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var skills = await CatalogOf(request).List(request.Aborted);
        return ApiResult.Ok(new SkillListResource([.. skills.Select(skill => SkillResource.Of(skill, request.Http.Request))]), WireJson.Instance.SkillListResource);
    }

    private static async Task<ApiResult> Get(ApiRequest request) => await FindAsync(request) is { } found
        ? ApiResult.Ok(SkillResource.Of(found.Info, request.Http.Request), WireJson.Instance.SkillResource)
        : ApiResult.Refused(RequestProblems.SkillNotFound);

    private static async Task<ApiResult> Install(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(fields => SkillRequests.ReadInstall(fields, MayRun(request)));
        if (command is null)
            return ApiResult.Refused(problem!);
        var installed = await CatalogOf(request).Install(command, CancellationToken.None);
        return installed.Skill is { } skill
            ? ApiResult.Ok(InstalledSkillResource.Of(skill, request.Http.Request), WireJson.Instance.InstalledSkillResource)
            : ApiResult.Refused(installed.Problem!);
    }

    private static async Task<ApiResult> Update(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(SkillRequests.ReadUpdate);
        if (command is null)
            return ApiResult.Refused(problem!);
        if (await FindAsync(request) is not { } found)
            return ApiResult.Refused(RequestProblems.SkillNotFound);
        return Answer(request, command.Enabled is { } enabled
            ? await found.Grain.SetEnabled(enabled, CancellationToken.None)
            : new SkillChanged(found.Info, null));
    }

    private static async Task<ApiResult> SetSecrets(ApiRequest request)
    {
        var (secrets, problem) = await request.ReadAsync(SkillRequests.ReadSecrets);
        if (secrets is null)
            return ApiResult.Refused(problem!);
        return await FindAsync(request) is { } found
            ? Answer(request, await found.Grain.SetSecrets(secrets, MayRun(request), CancellationToken.None))
            : ApiResult.Refused(RequestProblems.SkillNotFound);
    }

    private static ApiResult Answer(ApiRequest request, SkillChanged changed) => changed.Skill is { } skill
        ? ApiResult.Ok(SkillResource.Of(skill, request.Http.Request), WireJson.Instance.SkillResource)
        : ApiResult.Refused(changed.Problem!);

    private static async Task<ApiResult> Delete(ApiRequest request) =>
        await FindAsync(request) is { } found && await found.Grain.Uninstall(CancellationToken.None)
            ? ApiResult.Ok(new DeletedSkillResource(found.Info.Name, "deleted"), WireJson.Instance.DeletedSkillResource)
            : ApiResult.Refused(RequestProblems.SkillNotFound);

    private static async Task<ApiResult> ListRuns(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        if (await FindAsync(request) is not { } found)
            return ApiResult.Refused(RequestProblems.SkillNotFound);
        var page = await found.Grain.ListRuns(limit, cursor, request.Aborted);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(new SkillRunListResource([.. page.Runs.Select(SkillRunResource.Of)], page.NextCursor), WireJson.Instance.SkillRunListResource);
    }

    private static async Task<ApiResult> Execute(ApiRequest request)
    {
        if (await RateQuota.AcquireAsync(request, RateLimitClass.Skills) is (_, { } refused))
            return ApiResult.Refused(refused);
        var (command, problem) = await request.ReadAsync(fields => SkillRequests.ReadExecute(fields, request.RouteValue("name")!, request.Caller));
        if (command is null)
            return ApiResult.Refused(problem!);
        if (await FindAsync(request) is null)
            return ApiResult.Refused(RequestProblems.SkillNotFound);
        var run = request.Grains.GetSkillRun(SkillRunKey.New(request.Caller.Tenant));
        if (await run.Start(command, CancellationToken.None) is { } unstarted)
            return ApiResult.Refused(unstarted);
        // To its end, also when the client leaves: a repeated request under its key is to find the result.
        return await run.WaitAsync(CancellationToken.None) is { } result
            ? ApiResult.Ok(ExecutedSkillResource.Of(command.Skill, result, request.Http.Request), WireJson.Instance.ExecutedSkillResource)
            : ApiResult.Refused(RequestProblems.SkillRunLost);
    }
}
