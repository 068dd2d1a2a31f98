using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Http;

/// <summary>
/// Until everything has started, what needs a grain is answered with 503: a front-end serves from its first moment, and
/// may have to wait long for the cluster's first silo.
/// </summary>
internal sealed class StartGate(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    private static readonly Problem Starting = Problem.Internal(503, RequestReasons.NotReady("silo"), 1);

    public Task InvokeAsync(HttpContext http) =>
        !lifetime.ApplicationStarted.IsCancellationRequested && NeedsGrains(http.GetEndpoint()?.Metadata)
            ? ErrorWriter.WriteAsync(http, Starting)
            : next(http);

    private static bool NeedsGrains(EndpointMetadataCollection? route) =>
        route?.GetMetadata<ScopeRequirement>() is not null || route?.GetMetadata<NeedsCluster>() is not null;
}
