using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Health;

/// <summary><c>/healthz</c> (the process answers) and <c>/readyz</c> (it can serve: silo and database).</summary>
internal static class HealthApi
{
    public static IEndpointRouteBuilder MapHealthApi(this IEndpointRouteBuilder routes)
    {
        var readiness = routes.ServiceProvider.GetRequiredService<Readiness>();
        routes.Get("/healthz", Healthy);
        routes.Get("/readyz", _ => Ready(readiness));
        return routes;
    }

    private static Task<ApiResult> Healthy(ApiRequest request) =>
        Task.FromResult(ApiResult.Ok(new HealthResource("ok"), WireJson.Instance.HealthResource));

    private static async Task<ApiResult> Ready(Readiness readiness) => await readiness.CheckAsync() is { } problem
        ? ApiResult.Refused(problem)
        : ApiResult.Ok(new ReadyResource("ready", new ReadyChecksResource("ok", "ok")), WireJson.Instance.ReadyResource);
}

/// <summary>The process answers.</summary>
internal sealed record HealthResource(string Status);

/// <summary>The process can serve requests.</summary>
internal sealed record ReadyResource(string Status, ReadyChecksResource Checks);

/// <summary>What was looked at.</summary>
internal sealed record ReadyChecksResource(string Silo, string Database);
