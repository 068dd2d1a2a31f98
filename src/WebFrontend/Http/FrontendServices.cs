using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Sessions;

namespace OpenClaw.WebFrontend.Http;

/// <summary>What handlers work with; resolved once, since a scope per request would cost more than a handler does.</summary>
internal sealed class FrontendServices(IGrainFactory grains, ISessionFeed feed, TimeProvider time, IOptions<FrontendOptions> options)
{
    public IGrainFactory Grains => grains;

    public ISessionFeed Feed => feed;

    public TimeProvider Time => time;

    public FrontendOptions Options { get; } = options.Value;
}
