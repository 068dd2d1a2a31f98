using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Browser;

/// <summary><c>/api/browser</c>: pages in an isolated context of the tenant's; <c>session</c> names further ones.</summary>
internal static class BrowserApi
{
    private const string Prefix = "/api/browser";

    public static IEndpointRouteBuilder MapBrowserApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Prefix).RequireScope(Scopes.Execute);
        group.Post("/open", Open);
        group.Stream(HttpMethods.Get, "/screenshot", Screenshot);
        group.Post("/execute", Execute);
        group.Get("/snapshot", Snapshot);
        group.Post("/act", Act);
        group.Delete("", Close);
        return routes;
    }

    private static async Task<ApiResult> Open(ApiRequest request)
    {
        var (read, problem) = await ReadAsync(request, BrowserRequests.ReadOpen);
        if (read is null)
            return ApiResult.Refused(problem!);
        // To its end, also when the client leaves, as all that changes something: a repeated request under its key is to find the result.
        var page = await BrowserOf(request, read.Session).Open(read.What, CancellationToken.None);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(new OpenedPageResource(page.Url, page.Title, page.Status, DownloadResource.Of(page.Downloads)), WireJson.Instance.OpenedPageResource);
    }

    private static async Task<ApiResult?> Screenshot(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var command = new TakeScreenshot { FullPage = query.Flag("fullPage"), Selector = query.Text("selector") };
        var session = BrowserRequests.ReadSession(query);
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var image = await BrowserOf(request, session).Screenshot(command, request.Aborted);
        if (image.Problem is not null)
            return ApiResult.Refused(image.Problem);
        var response = request.Http.Response;
        response.ContentType = "image/png";
        response.ContentLength = image.Png.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(image.Png, request.Aborted);
        return null;
    }

    private static async Task<ApiResult> Execute(ApiRequest request)
    {
        var (read, problem) = await ReadAsync(request, BrowserRequests.ReadScript);
        if (read is null)
            return ApiResult.Refused(problem!);
        var result = await BrowserOf(request, read.Session).Execute(read.What, CancellationToken.None);
        return result.Problem is not null
            ? ApiResult.Refused(result.Problem)
            : ApiResult.Ok(new ScriptResultResource(new RawJson(result.Value), DownloadResource.Of(result.Downloads)), WireJson.Instance.ScriptResultResource);
    }

    private static async Task<ApiResult> Snapshot(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var session = BrowserRequests.ReadSession(query);
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var snapshot = await BrowserOf(request, session).Snapshot(request.Aborted);
        return snapshot.Problem is not null
            ? ApiResult.Refused(snapshot.Problem)
            : ApiResult.Ok(
                new SnapshotResource(snapshot.Url, snapshot.Title, snapshot.Tree, snapshot.Truncated ? true : null), WireJson.Instance.SnapshotResource);
    }

    private static async Task<ApiResult> Act(ApiRequest request)
    {
        var (read, problem) = await ReadAsync(request, BrowserRequests.ReadAct);
        if (read is null)
            return ApiResult.Refused(problem!);
        var page = await BrowserOf(request, read.Session).Act(read.What, CancellationToken.None);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(new PageResource(page.Url, page.Title, DownloadResource.Of(page.Downloads)), WireJson.Instance.PageResource);
    }

    private static async Task<ApiResult> Close(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var session = BrowserRequests.ReadSession(query);
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        return await BrowserOf(request, session).Close(CancellationToken.None)
            ? ApiResult.Ok(new ClosedBrowserResource(session, "deleted"), WireJson.Instance.ClosedBrowserResource)
            : ApiResult.Refused(RequestProblems.NoBrowser);
    }

    private static IBrowserGrain BrowserOf(ApiRequest request, string session) => request.Grains.GetBrowser(new BrowserKey(request.Caller.Tenant, session));

    private static ValueTask<(Asked<T>? Read, Problem? Problem)> ReadAsync<T>(ApiRequest request, Func<JsonFields, T> read) =>
        request.ReadAsync(fields => new Asked<T>(BrowserRequests.ReadSession(fields), read(fields)));

    /// <summary>What is asked of which context.</summary>
    private sealed record Asked<T>(string Session, T What);
}
