using System.Text.Json;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Health;

/// <summary><c>/healthz</c> (the process answers) and <c>/readyz</c> (it can serve: silo and database).</summary>
internal static class HealthApi
{
    public static IEndpointRouteBuilder MapHealthApi(this IEndpointRouteBuilder routes)
    {
        var readiness = routes.ServiceProvider.GetRequiredService<Readiness>();
        routes.Get("/healthz", Healthy);
        routes.Stream(HttpMethods.Get, "/readyz", request => Ready(request, readiness));
        return routes;
    }

    private static Task<ApiResult> Healthy(ApiRequest request) =>
        Task.FromResult(ApiResult.Ok(new HealthResource("ok"), WireJson.Instance.HealthResource));

    private static async Task<ApiResult?> Ready(ApiRequest request, Readiness readiness)
    {
        var report = await readiness.CheckAsync();
        var resource = new ReadyResource(report.Status, new ReadyChecksResource(report.Silo, report.Database));
        if (report.IsReady)
            return ApiResult.Ok(resource, WireJson.Instance.ReadyResource);
        await ErrorWriter.WriteAsync(request.Http, report.Problem, json =>
        {
            json.WriteString("status", resource.Status);
            json.WritePropertyName("checks");
            JsonSerializer.Serialize(json, resource.Checks, WireJson.Instance.ReadyChecksResource);
        });
        return null;
    }
}

/// <summary>The process answers.</summary>
internal sealed record HealthResource(string Status);

/// <summary>Whether the process can serve requests.</summary>
internal sealed record ReadyResource(string Status, ReadyChecksResource Checks);

/// <summary>What was looked at.</summary>
internal sealed record ReadyChecksResource(string Silo, string Database);
