using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Memory;

/// <summary><c>/api/memory</c>: what the tenant's assistants remember.</summary>
internal static class MemoryApi
{
    private const string Prefix = "/api/memory";
    private const int DefaultLimit = 50;
    private const int MaxLimit = 1000;
    private const int DefaultResults = 10;
    private const int MaxResults = 100;

    public static IEndpointRouteBuilder MapMemoryApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup(Prefix).RequireScope(Scopes.Read);
        read.Get("", GetOrList);
        read.Get("/search", Search);
        read.Stream(HttpMethods.Get, "/export", Export);
        read.Get("/{key}", request => Get(request, KeyInPath(request)));

        var write = routes.MapGroup(Prefix).RequireScope(Scopes.Write);
        write.Post("", Store);
        write.Post("/import", Import);
        write.Post("/undo", Undo);
        write.Delete("", request => Delete(request, null));
        write.Delete("/{key}", request => Delete(request, KeyInPath(request)));
        return routes;
    }

    private static IMemoryNamespaceGrain MemoryOf(ApiRequest request, string name) =>
        request.Grains.GetMemory(new MemoryNamespaceKey(request.Caller.Tenant, name));

    private static MemorySource SourceOf(ApiRequest request) => new() { KeyId = request.Caller.KeyId, RequestId = request.Http.TraceIdentifier };

    private static async Task<ApiResult> Store(ApiRequest request)
    {
        var name = MemoryNamespaceKey.DefaultNamespace;
        var (command, problem) = await request.ReadAsync(fields =>
        {
            name = MemoryRequests.ReadNamespace(fields);
            return MemoryRequests.ReadStore(fields, SourceOf(request));
        });
        if (command is null)
            return ApiResult.Refused(problem!);
        var stored = await MemoryOf(request, name).Store(command, CancellationToken.None);
        return stored.Problem is not null
            ? ApiResult.Refused(stored.Problem)
            : ApiResult.Ok(StoredMemoryResource.Of(name, stored.Entry!), WireJson.Instance.StoredMemoryResource);
    }

    private static Task<ApiResult> GetOrList(ApiRequest request) =>
        request.Http.Request.Query["key"] is [.., { Length: > 0 } key] ? Get(request, key) : List(request);

    private static async Task<ApiResult> Get(ApiRequest request, string key)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var name = MemoryRequests.ReadNamespace(query);
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var read = await MemoryOf(request, name).Get(key, request.Aborted);
        return read.Problem is not null
            ? ApiResult.Refused(read.Problem)
            : ApiResult.Ok(MemoryResource.Of(read.Entry!), WireJson.Instance.MemoryResource);
    }

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var name = MemoryRequests.ReadNamespace(query);
        var command = new ListMemory { Limit = query.Limit(DefaultLimit, MaxLimit), Cursor = query.Cursor(), Category = MemoryRequests.ReadCategory(query) };
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var list = await MemoryOf(request, name).List(command, request.Aborted);
        return list.Problem is not null
            ? ApiResult.Refused(list.Problem)
            : ApiResult.Ok(new MemoryListResource([.. list.Entries.Select(MemoryResource.Of)], list.NextCursor), WireJson.Instance.MemoryListResource);
    }

    private static async Task<ApiResult> Search(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var name = MemoryRequests.ReadNamespace(query);
        var command = new SearchMemory
        {
            Query = query.Required("q"),
            Limit = query.Limit(DefaultResults, MaxResults),
            Category = MemoryRequests.ReadCategory(query),
            MinScore = MemoryRequests.ReadMinScore(query),
        };
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var found = await MemoryOf(request, name).Search(command, request.Aborted);
        return found.Problem is not null
            ? ApiResult.Refused(found.Problem)
            : ApiResult.Ok(MemorySearchResource.Of(found, request.Http.Request), WireJson.Instance.MemorySearchResource);
    }

    /// <summary>Every entry, one a line, page after page: as they are when their page is read.</summary>
    private static async Task<ApiResult?> Export(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var name = MemoryRequests.ReadNamespace(query);
        var category = MemoryRequests.ReadCategory(query);
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var memory = MemoryOf(request, name);
        var page = await memory.List(new ListMemory { Limit = MaxLimit, Category = category }, request.Aborted);
        if (page.Problem is not null)
            return ApiResult.Refused(page.Problem);
        var response = request.Http.Response;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"memory-{name}.jsonl\"";
        while (true)
        {
            foreach (var entry in page.Entries)
            {
                await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(MemoryResource.Of(entry), WireJson.Instance.MemoryResource), request.Aborted);
                await response.Body.WriteAsync("\n"u8.ToArray(), request.Aborted);
            }

            if (page.NextCursor is null)
                return null;
            page = await memory.List(new ListMemory { Limit = MaxLimit, Category = category, Cursor = page.NextCursor }, request.Aborted);
            if (page.Problem is null)
                continue;
            // The status has been sent: only a cut connection tells that this is not all.
            request.Http.Abort();
            return null;
        }
    }

    private static async Task<ApiResult> Import(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var name = MemoryRequests.ReadNamespace(query);
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var (command, skipped, problem) = MemoryRequests.ReadImport(
            request.Http.Request, await request.BodyAsync(), SourceOf(request), request.Services.Time.GetUtcNow());
        if (command is null)
            return ApiResult.Refused(problem!);
        var imported = await MemoryOf(request, name).Import(command, CancellationToken.None);
        return imported.Problem is not null
            ? ApiResult.Refused(imported.Problem)
            : ApiResult.Ok(new ImportedMemoryResource(imported.Stored, skipped), WireJson.Instance.ImportedMemoryResource);
    }

    private static async Task<ApiResult> Undo(ApiRequest request)
    {
        var name = MemoryNamespaceKey.DefaultNamespace;
        var (command, problem) = await request.ReadAsync(fields =>
        {
            name = MemoryRequests.ReadNamespace(fields);
            return MemoryRequests.ReadUndo(fields, SourceOf(request));
        });
        if (command is null)
            return ApiResult.Refused(problem!);
        var undone = await MemoryOf(request, name).Undo(command, CancellationToken.None);
        return undone.Problem is not null
            ? ApiResult.Refused(undone.Problem)
            : ApiResult.Ok(
                new UndoneMemoryResource(command.Key, undone.Entry is null ? "deleted" : "restored", undone.Version), WireJson.Instance.UndoneMemoryResource);
    }

    private static async Task<ApiResult> Delete(ApiRequest request, string? keyInPath)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var name = MemoryRequests.ReadNamespace(query);
        var command = new ChangeMemory
        {
            Key = keyInPath ?? query.Required("key"),
            IfVersion = query.Integer("ifVersion", 1, long.MaxValue),
            Source = SourceOf(request),
        };
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var deleted = await MemoryOf(request, name).Delete(command, CancellationToken.None);
        return deleted.Problem is not null
            ? ApiResult.Refused(deleted.Problem)
            : ApiResult.Ok(new DeletedMemoryResource(command.Key, "deleted"), WireJson.Instance.DeletedMemoryResource);
    }

    /// <summary>
    /// The key as the client wrote it in the path, decoded once. The server has decoded all but <c>%2F</c>, and what was <c>%252F</c> stands
    /// beside it: which of the two was meant is only in the request line.
    /// </summary>
    private static string KeyInPath(ApiRequest request)
    {
        var routed = request.RouteValue("key")!;
        var target = request.Http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', 2)[0].TrimEnd('/');
        var written = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        // Dots in the path have led elsewhere: then the server's word counts.
        return Slashes(written) == Slashes(routed) ? written : Slashes(routed);

        static string Slashes(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
