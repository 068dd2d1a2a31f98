using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Hands the limits of <see cref="FrontendOptions"/> to the server.</summary>
internal sealed class KestrelLimits(IOptions<FrontendOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan DataRateGrace = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = FrontendOptions.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = limits.MaxRequestLineBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        kestrel.Limits.MinRequestBodyDataRate = limits.MinBodyBytesPerSecond == 0
            ? null
            : new MinDataRate(limits.MinBodyBytesPerSecond, DataRateGrace);
    }
}
