using Yarp.ReverseProxy.Forwarder;

namespace OpenClaw.Samples.Cluster.Proxy;

/// <summary>
/// A front-end that has just ended still counts as healthy for a moment. A request whose connection it refuses goes to
/// another one; a request that reached it does not, because what it did there is unknown: its client tries again, under
/// its <c>Idempotency-Key</c>.
/// </summary>
internal static class RefusedConnections
{
    public static async Task TryAnotherAsync(HttpContext http, Func<Task> next)
    {
        var proxy = http.GetReverseProxyFeature();
        await next();
        if (http.Response.HasStarted || !IsRefused(http.GetForwarderErrorFeature()) || proxy.ProxiedDestination is not { } refused)
            return;
        var others = proxy.AllDestinations.Where(destination => destination != refused).ToArray();
        if (others.Length == 0)
            return;
        http.Response.Clear();
        proxy.AvailableDestinations = others;
        proxy.ProxiedDestination = null;
        await next();
    }

    /// <summary>Nothing of the request has left.</summary>
    private static bool IsRefused(IForwarderErrorFeature? error) =>
        error?.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
}
