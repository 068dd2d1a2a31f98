using System.Net;

namespace OpenClaw.Grains.Egress;

/// <summary>HTTP on behalf of tenants: every connection is one of <see cref="EgressPolicy"/>. One pool for the whole process.</summary>
public sealed class EgressHttp : IDisposable
{
    private const int MaxHeadersKiB = 64;

    public EgressHttp(EgressPolicy policy)
    {
        Handler = CreateHandler(policy);
        Client = new HttpClient(Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>For clients with handlers of their own before it, which must not dispose it.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>
    /// Without a time-out of its own: callers bring a token. Does not follow redirects, keeps no cookies and uses no proxy. For
    /// HTTP/1.1 and 2, which is what a request asks for that does not say otherwise; HTTP/3 would connect by itself.
    /// </summary>
    public HttpClient Client { get; }

    /// <summary>What the policy said, however deep HTTP has wrapped it; null when it was not the policy.</summary>
    public static EgressException? CauseOf(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is EgressException egress) return egress;
        }

        return null;
    }

    public void Dispose()
    {
        Client.Dispose();
        Handler.Dispose();
    }

    /// <summary>The same settings without the policy, for an address that the operator has configured.</summary>
    internal static SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        MaxConnectionsPerServer = 32,
        MaxResponseHeadersLength = MaxHeadersKiB,
        // A connection that is being made outlives the request that wanted it; this ends one whose other side is silent.
        ConnectTimeout = TimeSpan.FromSeconds(30),
        // So that a change of addresses is noticed, and checked.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // Strangers learn nothing of the server's traces.
        ActivityHeadersPropagator = null,
    };

    /// <summary>For clients that share no connections with others.</summary>
    internal static SocketsHttpHandler CreateHandler(EgressPolicy policy)
    {
        var handler = CreateHandler();
        handler.ConnectCallback = async (context, cancellationToken) =>
            await policy.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
        return handler;
    }
}
