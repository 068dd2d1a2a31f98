using System.Net;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Testing.Tracing;

/// <summary>Where a server sends its traces: OTLP over HTTP with protobuf on a port of 127.0.0.1. Keeps every span.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<OtlpSpan> _spans = [];
    private readonly Task _receiving;
    private readonly Uri _address = new($"http://127.0.0.1:{FreePorts.Take()}/");

    public OtlpReceiver()
    {
        _listener.Prefixes.Add(_address.AbsoluteUri);
        _listener.Start();
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>What a server has to be started with to send its traces here.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _address.AbsoluteUri,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>The spans so far. All of a server's are here once it was told to stop and has ended.</summary>
    public IReadOnlyList<OtlpSpan> Spans
    {
        get
        {
            lock (_spans)
                return [.. _spans];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _receiving;
        _listener.Close();
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var spans = OtlpTraces.Parse(body.ToArray());
            lock (_spans)
                _spans.AddRange(spans);
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
