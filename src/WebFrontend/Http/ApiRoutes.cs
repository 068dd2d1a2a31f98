using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Idempotency;

namespace OpenClaw.WebFrontend.Http;

/// <summary>A handler: translates a request into grain calls and their outcome into an answer.</summary>
internal delegate Task<ApiResult> ApiHandler(ApiRequest request);

/// <summary>A handler that writes its answer itself, or returns the problem that kept it from starting.</summary>
internal delegate Task<ApiResult?> StreamHandler(ApiRequest request);

/// <summary>Maps handlers to routes: plain request delegates, without model binding, filters or a scope of services.</summary>
internal static class ApiRoutes
{
    public static IEndpointConventionBuilder Get(this IEndpointRouteBuilder routes, string pattern, ApiHandler handler) =>
        routes.Map(HttpMethods.Get, pattern, handler);

    public static IEndpointConventionBuilder Put(this IEndpointRouteBuilder routes, string pattern, ApiHandler handler) =>
        routes.Map(HttpMethods.Put, pattern, handler);

    public static IEndpointConventionBuilder Patch(this IEndpointRouteBuilder routes, string pattern, ApiHandler handler) =>
        routes.Map(HttpMethods.Patch, pattern, handler);

    public static IEndpointConventionBuilder Delete(this IEndpointRouteBuilder routes, string pattern, ApiHandler handler) =>
        routes.Map(HttpMethods.Delete, pattern, handler);

    /// <summary>A POST that honours <c>Idempotency-Key</c>.</summary>
    public static IEndpointConventionBuilder Post(this IEndpointRouteBuilder routes, string pattern, ApiHandler handler) =>
        routes.Map(HttpMethods.Post, pattern, request => IdempotentPost.InvokeAsync(request, handler));

    /// <summary>A POST that hands its <c>Idempotency-Key</c> to the grain, which accepts both in one transaction.</summary>
    public static IEndpointConventionBuilder PostKeyed(this IEndpointRouteBuilder routes, string pattern, ApiHandler handler) =>
        routes.Map(HttpMethods.Post, pattern, handler);

    public static IEndpointConventionBuilder Stream(this IEndpointRouteBuilder routes, string method, string pattern, StreamHandler handler)
    {
        var services = routes.ServiceProvider.GetRequiredService<FrontendServices>();
        return routes.MapMethods(pattern, [method], async http =>
        {
            using var request = new ApiRequest(http, services);
            if (await handler(request) is { } result)
                await AnswerAsync(http, result);
        });
    }

    private static IEndpointConventionBuilder Map(this IEndpointRouteBuilder routes, string method, string pattern, ApiHandler handler)
    {
        var services = routes.ServiceProvider.GetRequiredService<FrontendServices>();
        return routes.MapMethods(pattern, [method], async http =>
        {
            using var request = new ApiRequest(http, services);
            await AnswerAsync(http, await handler(request));
        });
    }

    private static Task AnswerAsync(HttpContext http, ApiResult result)
    {
        if (result.Replayed)
            http.Response.Headers[IdempotencyHeader.Replayed] = "true";
        if (result.Problem is { } problem)
            return ErrorWriter.WriteAsync(http, problem);
        http.Response.StatusCode = result.Status;
        if (result.Location is not null)
            http.Response.Headers.Location = result.Location;
        return result.Status == StatusCodes.Status204NoContent ? Task.CompletedTask : JsonResponse.WriteAsync(http, result.Body);
    }
}
