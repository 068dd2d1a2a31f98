namespace OpenClaw.Grains.Models.Providers;

/// <summary>Connections to providers: one pool for each, without a time-out of its own, which calls bring along.</summary>
internal static class ProviderHttp
{
    public static HttpClient CreatePool(TimeSpan connectTimeout, TimeProvider time) => new(new ProviderResponseHandler(time)
    {
        InnerHandler = new SocketsHttpHandler
        {
            ConnectTimeout = connectTimeout,
            // A redirect of a POST with a key in it is a wrong address, to be reported as such.
            AllowAutoRedirect = false,
            UseCookies = false,
            // So that a change of the provider's addresses is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
