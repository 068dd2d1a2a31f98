namespace OpenClaw.WebFrontend.Http;

/// <summary>How the front-end treats connections. Section <c>OpenClaw:Http</c>.</summary>
internal sealed class FrontendOptions
{
    public const string Section = "OpenClaw:Http";

    /// <summary>The largest body in bytes, by contract; more is 413.</summary>
    public const int MaxBodyBytes = 10 * 1024 * 1024;

    /// <summary>Silence after which an event stream sends a comment, so that proxies keep the connection. 1 s to 1 min.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may leave what was sent to it unread before its connection is cut; it resumes by its last seq. 1 s to 10 min.</summary>
    public TimeSpan WriteStallLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a stopping front-end serves on after <c>/readyz</c> has said so. As long as the proxies before it need to
    /// notice; with none, nothing is gained by waiting. 0 to 1 min.
    /// </summary>
    public TimeSpan StopDelay { get; set; } = TimeSpan.Zero;

    /// <summary>How long a key's answer is believed: a revoked key works at most this long. 0 to 900 ms, since the contract promises a second.</summary>
    public TimeSpan KeyRevalidation { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Keys remembered, known and unknown ones each. 100 to 1,000,000.</summary>
    public int KeyCacheEntries { get; set; } = 10_000;

    /// <summary>All request headers together, in bytes; more is 431. 4 KiB to 1 MiB.</summary>
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>The request line in bytes; more is 414. 1 KiB to 64 KiB.</summary>
    public int MaxRequestLineBytes { get; set; } = 16 * 1024;

    /// <summary>How long a client may take to send its headers. 1 s to 5 min.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection without a request is kept. 1 s to 1 h.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>The slowest acceptable upload in bytes per second, after a grace of 5 s; 0 accepts any.</summary>
    public double MinBodyBytesPerSecond { get; set; } = 240;
}
