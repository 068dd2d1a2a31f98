using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Tasks;

/// <summary><c>/api/tasks</c>: what is done later, or again and again.</summary>
internal static class TasksApi
{
    private const string Prefix = "/api/tasks";

    public static IEndpointRouteBuilder MapTasksApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup(Prefix).RequireScope(Scopes.Read);
        read.Get("", List);
        read.Get("/{taskId}", Get);
        read.Get("/{taskId}/runs", ListRuns);

        var write = routes.MapGroup(Prefix).RequireScope(Scopes.Write);
        write.Post("", Create);
        write.Patch("/{taskId}", Update);
        write.Delete("/{taskId}", Delete);

        // Which scope that takes is the task's to say.
        routes.MapGroup(Prefix).RequireScope(Scopes.None).Post("/{taskId}/run", Run);
        return routes;
    }

    private static TaskCaller CallerOf(ApiRequest request) => new(request.Caller.KeyId, request.Caller.Scopes);

    /// <summary>The task that the path names, or null where it can name none.</summary>
    private static IScheduledTaskGrain? TaskOf(ApiRequest request) => request.RouteValue("taskId") is { } id && KeyNames.IsName(id)
        ? request.Grains.GetScheduledTask(new TaskKey(request.Caller.Tenant, id))
        : null;

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var page = await request.Grains.GetTaskCatalog(new TaskCatalogKey(request.Caller.Tenant)).List(limit, cursor, request.Aborted);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(
                new TaskListResource([.. page.Tasks.Select(task => TaskResource.Of(task, request.Http.Request))], page.NextCursor),
                WireJson.Instance.TaskListResource);
    }

    private static async Task<ApiResult> Get(ApiRequest request) => TaskOf(request) is { } task && await task.Get(request.Aborted) is { } info
        ? ApiResult.Ok(TaskResource.Of(info, request.Http.Request), WireJson.Instance.TaskResource)
        : ApiResult.Refused(RequestProblems.TaskNotFound);

    private static async Task<ApiResult> Create(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(fields => TaskRequests.ReadCreate(fields, CallerOf(request)));
        if (command is null)
            return ApiResult.Refused(problem!);
        var key = TaskKey.New(request.Caller.Tenant);
        var created = await request.Grains.GetScheduledTask(key).Create(command, CancellationToken.None);
        return created.Task is { } task
            ? ApiResult.Created(
                $"{Prefix}/{task.TaskId}", CreatedTaskResource.Of(task, request.Http.Request), WireJson.Instance.CreatedTaskResource)
            : ApiResult.Refused(created.Problem!);
    }

    private static async Task<ApiResult> Update(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(fields => TaskRequests.ReadUpdate(fields, CallerOf(request)));
        if (command is null)
            return ApiResult.Refused(problem!);
        if (TaskOf(request) is not { } task)
            return ApiResult.Refused(RequestProblems.TaskNotFound);
        var changed = await task.Update(command, CancellationToken.None);
        return changed.Task is { } info
            ? ApiResult.Ok(TaskResource.Of(info, request.Http.Request), WireJson.Instance.TaskResource)
            : ApiResult.Refused(changed.Problem!);
    }

    private static async Task<ApiResult> Delete(ApiRequest request) => TaskOf(request) is { } task && await task.Delete(CancellationToken.None)
        ? ApiResult.Ok(new DeletedTaskResource(request.RouteValue("taskId")!, "deleted"), WireJson.Instance.DeletedTaskResource)
        : ApiResult.Refused(RequestProblems.TaskNotFound);

    private static async Task<ApiResult> Run(ApiRequest request)
    {
        if (TaskOf(request) is not { } task)
            return ApiResult.Refused(RequestProblems.TaskNotFound);
        var started = await task.Run(CallerOf(request), CancellationToken.None);
        return started.Run is { } run
            ? ApiResult.Accepted(TaskRunResource.Of(run, request.Http.Request), WireJson.Instance.TaskRunResource)
            : ApiResult.Refused(started.Problem!);
    }

    private static async Task<ApiResult> ListRuns(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        if (TaskOf(request) is not { } task || await task.ListRuns(limit, cursor, request.Aborted) is not { } page)
            return ApiResult.Refused(RequestProblems.TaskNotFound);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(
                new TaskRunListResource([.. page.Runs.Select(run => TaskRunResource.Of(run, request.Http.Request))], page.NextCursor),
                WireJson.Instance.TaskRunListResource);
    }
}
