using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Http;

/// <summary>What handlers work with; resolved once, since a scope per request would cost more than a handler does.</summary>
internal sealed class FrontendServices(
    IGrainFactory grains,
    ISessionFeed feed,
    ApiKeyAuthenticator keys,
    TimeProvider time,
    IOptions<FrontendOptions> options,
    IHostApplicationLifetime lifetime)
{
    public IGrainFactory Grains => grains;

    public ISessionFeed Feed => feed;

    public ApiKeyAuthenticator Keys => keys;

    public TimeProvider Time => time;

    /// <summary>Cancelled when the process begins to stop: streams end then, and their clients go on elsewhere.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public FrontendOptions Options { get; } = options.Value;
}
