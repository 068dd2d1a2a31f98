using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Events;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>What sockets work with.</summary>
internal sealed class SocketServices(
    FrontendServices frontend, ITenantFeed feed, Callers callers, OpenSockets open, IOptions<SocketOptions> options, ILogger<SocketConnection> logger)
{
    public FrontendServices Frontend => frontend;

    public ITenantFeed Feed => feed;

    public Callers Callers => callers;

    public OpenSockets Open => open;

    public ILogger Logger => logger;

    public SocketOptions Options { get; } = options.Value;
}
