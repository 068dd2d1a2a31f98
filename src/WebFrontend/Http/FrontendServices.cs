using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Sessions;
using Orleans.Runtime.Messaging;

namespace OpenClaw.WebFrontend.Http;

/// <summary>What handlers work with; resolved once, since a scope per request would cost more than a handler does.</summary>
internal sealed class FrontendServices(
    IGrainFactory grains,
    ISessionFeed feed,
    TimeProvider time,
    IOptions<FrontendOptions> options,
    IHostApplicationLifetime lifetime,
    IOverloadDetector? overload = null)
{
    public IGrainFactory Grains => grains;

    public ISessionFeed Feed => feed;

    public TimeProvider Time => time;

    /// <summary>Cancelled when the process begins to stop: streams end then, and their clients go on elsewhere.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>
    /// True while this process is to take no new work. With a silo in the process its calls pass no gateway, which is where
    /// Orleans refuses them; without one, the silo's gateway does.
    /// </summary>
    public bool IsOverloaded => overload?.IsOverloaded ?? false;

    public FrontendOptions Options { get; } = options.Value;
}
