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
        !lifetime.ApplicationStarted.IsCancellationRequested && http.GetEndpoint()?.Metadata.GetMetadata<ScopeRequirement>() is not null
            ? ErrorWriter.WriteAsync(http, Starting)
            : next(http);
}
