using OpenClaw.Silo;
using OpenClaw.WebFrontend.Tenants;
using Orleans.Dashboard;

namespace OpenClaw.WebFrontend.Dashboard;

/// <summary>Orleans' dashboard for operators, where it is switched on.</summary>
internal static class DashboardApi
{
    private const string Path = "/admin/dashboard";

    /// <summary>Its scripts are files of its own; its charts and diagrams write styles into the page.</summary>
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>What shows more than an operator may see: a grain's state, which is its tenant's, and the log.</summary>
    private static readonly string[] Shut = ["/GrainState", "/Trace"];

    public static IEndpointRouteBuilder MapDashboardApi(this IEndpointRouteBuilder routes)
    {
        if (!DashboardSettings.From(routes.ServiceProvider.GetRequiredService<IConfiguration>()).Enabled)
            return routes;
        var dashboard = routes.MapOrleansDashboard(Path);
        dashboard.RequireOperatorInBrowser();
        ((IEndpointConventionBuilder)dashboard).Add(Guard);
        return routes;
    }

    private static void Guard(EndpointBuilder endpoint)
    {
        var inner = endpoint.RequestDelegate!;
        var route = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText ?? "";
        var isShut = Shut.Any(path => route.EndsWith(path, StringComparison.OrdinalIgnoreCase));
        endpoint.RequestDelegate = http =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            if (!isShut)
                return inner(http);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
    }
}
