using Microsoft.AspNetCore.Http.Features;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>Puts <see cref="SocketTransport"/> below the WebSocket that a request opens, by HTTP/1.1 (RFC 6455) or HTTP/2 (RFC 8441).</summary>
internal sealed class SocketUpgrade : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly TimeProvider _time;

    private SocketUpgrade(IFeatureCollection features, TimeProvider time)
    {
        _upgrade = features.Get<IHttpUpgradeFeature>();
        _connect = features.Get<IHttpExtendedConnectFeature>();
        _time = time;
        if (_upgrade is not null)
            features.Set<IHttpUpgradeFeature>(this);
        if (_connect is not null)
            features.Set<IHttpExtendedConnectFeature>(this);
    }

    /// <summary>The bytes of the socket, once it is open.</summary>
    public SocketTransport? Transport { get; private set; }

    public bool IsUpgradableRequest => _upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => _connect?.IsExtendedConnect ?? false;

    public string? Protocol => _connect?.Protocol;

    /// <summary>Must be called before the framework looks for what a request can be upgraded by.</summary>
    public static void Prepare(HttpContext http, TimeProvider time) => http.Features.Set(new SocketUpgrade(http.Features, time));

    public async Task<Stream> UpgradeAsync() => Transport = new SocketTransport(await _upgrade!.UpgradeAsync(), _time);

    public async ValueTask<Stream> AcceptAsync() => Transport = new SocketTransport(await _connect!.AcceptAsync(), _time);
}
