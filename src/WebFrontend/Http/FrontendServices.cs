using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Cluster;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Tenants;
using Orleans.Runtime.Messaging;

namespace OpenClaw.WebFrontend.Http;

/// <summary>What handlers work with; resolved once, since a scope per request would cost more than a handler does.</summary>
internal sealed class FrontendServices(
    IGrainFactory grains,
    ISessionFeed feed,
    Admissions admissions,
    TimeProvider time,
    IOptions<FrontendOptions> options,
    FrontendDrain drain,
    IEnumerable<IOutgoingGrainCallFilter> callFilters,
    IOverloadDetector? overload = null)
{
    public IGrainFactory Grains => grains;

    public ISessionFeed Feed => feed;

    public Admissions Admissions => admissions;

    public TimeProvider Time => time;

    /// <inheritdoc cref="FrontendDrain.Ending"/>
    public CancellationToken Stopping => drain.Ending;

    /// <summary>True when a call may reach its grain twice, see <see cref="RepeatedCalls"/>.</summary>
    public bool RepeatsCalls { get; } = callFilters.Any(filter => filter is RepeatedCalls);

    /// <summary>
    /// True while this process is to take no new work. With a silo in the process its calls pass no gateway, which is where
    /// Orleans refuses them; without one, the silo's gateway does.
    /// </summary>
    public bool IsOverloaded => overload?.IsOverloaded ?? false;

    public FrontendOptions Options { get; } = options.Value;
}
