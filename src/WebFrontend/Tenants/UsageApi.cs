using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary><c>/api/usage</c>: what the caller's tenant used.</summary>
internal static class UsageApi
{
    private const int DefaultDays = 30;
    private const int MaxDays = 366;

    public static IEndpointRouteBuilder MapUsageApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/api/usage").RequireScope(Scopes.Read).Get("/", List);
        return routes;
    }

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var to = query.Day("to") ?? DateOnly.FromDateTime(request.Services.Time.GetUtcNow().UtcDateTime);
        var from = query.Day("from") ?? to.AddDays(1 - Math.Min(DefaultDays, to.DayNumber + 1));
        if (to < from)
            query.Refuse("to", RequestReasons.DayOrder);
        else if (to.DayNumber - from.DayNumber > MaxDays)
            query.Refuse("to", RequestReasons.DayRange(MaxDays));
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var directory = request.Grains.GetTenantDirectory(new TenantKey(request.Caller.Tenant));
        var usage = await directory.ListUsage(from, to, request.Aborted);
        return ApiResult.Ok(new UsageListResource(from, to, [.. usage.Select(UsageResource.Of)]), WireJson.Instance.UsageListResource);
    }
}
