using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Hands the limits of <see cref="FrontendOptions"/> to the server.</summary>
internal sealed class KestrelLimits(IOptions<FrontendOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>
    /// A body up to this is taken in and thrown away when it is refused, so that its sender gets to read the answer; a
    /// larger one is cut off. What is accepted ends at <see cref="FrontendOptions.MaxBodyBytes"/>.
    /// </summary>
    private const long MaxDrainedBytes = 64L * 1024 * 1024;

    private static readonly TimeSpan DataRateGrace = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxDrainedBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = limits.MaxRequestLineBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        kestrel.Limits.MinRequestBodyDataRate = limits.MinBodyBytesPerSecond == 0
            ? null
            : new MinDataRate(limits.MinBodyBytesPerSecond, DataRateGrace);
    }
}
