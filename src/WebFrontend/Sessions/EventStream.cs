using System.Buffers;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>
/// One <c>text/event-stream</c> answer. Frames go out batch by batch; the next batch is taken when the connection has
/// taken the last, so a slow reader holds up its own stream and nothing else, and is cut off after
/// <see cref="FrontendOptions.WriteStallLimit"/>.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    /// <summary>A buffer that one huge batch has blown up is not kept.</summary>
    private const int LargestKeptBuffer = 256 * 1024;

    /// <summary>A larger last batch is sent under the stall limit like any other.</summary>
    private const int LargestUnflushed = 4096;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    private readonly HttpContext _http;
    private readonly FrontendServices _services;
    private readonly FrameWriter _frames;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ITimer _timer;
    private long _lastWrite;
    private bool _writing;
    private bool _ended;

    private EventStream(HttpContext http, FrontendServices services)
    {
        _http = http;
        _services = services;
        _frames = new FrameWriter(LanguagePreference.Of(http.Request), http.TraceIdentifier);
        _lastWrite = services.Time.GetTimestamp();
        _timer = services.Time.CreateTimer(static state => ((EventStream)state!).OnTimer(), this, services.Options.PingInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends the headers and a first comment at once, so that the client knows its message is safe.</summary>
    public static async Task<EventStream> StartAsync(HttpContext http, FrontendServices services)
    {
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        // Proxies of the nginx kind would otherwise gather frames.
        response.Headers["X-Accel-Buffering"] = "no";
        var stream = new EventStream(http, services);
        await stream.SendAsync(": ok\n\n"u8.ToArray());
        return stream;
    }

    /// <summary>Sends a batch and waits until the connection has taken it.</summary>
    /// <param name="batch">The frames.</param>
    /// <param name="last">Nothing follows: the batch leaves with the end of the response, in one packet.</param>
    public async ValueTask WriteAsync(IReadOnlyList<SessionFrame> batch, bool last = false)
    {
        var buffer = _spare ?? new ArrayBufferWriter<byte>(1024);
        _spare = null;
        for (var i = 0; i < batch.Count; i++)
            _frames.Write(buffer, batch[i]);
        await SendAsync(buffer.WrittenMemory, flush: !last || buffer.WrittenCount > LargestUnflushed);
        if (buffer.Capacity <= LargestKeptBuffer)
        {
            buffer.ResetWrittenCount();
            _spare = buffer;
        }
    }

    /// <summary>Sends one event that is JSON alone, and waits until the connection has taken it.</summary>
    public ValueTask WriteAsync(byte[] json)
    {
        byte[] data = [.. "data: "u8, .. json, .. "\n\n"u8];
        return SendAsync(data);
    }

    public async ValueTask DisposeAsync()
    {
        // The timer lives until nobody writes: it is what cuts off a write that hangs.
        await _turn.WaitAsync();
        _ended = true;
        _turn.Release();
        await _timer.DisposeAsync();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, bool flush = true)
    {
        await _turn.WaitAsync(_http.RequestAborted);
        try
        {
            if (flush)
                await WriteNowAsync(bytes);
            else
                _http.Response.BodyWriter.Write(bytes.Span);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask WriteNowAsync(ReadOnlyMemory<byte> bytes)
    {
        Volatile.Write(ref _lastWrite, _services.Time.GetTimestamp());
        Volatile.Write(ref _writing, true);
        try
        {
            var result = await _http.Response.BodyWriter.WriteAsync(bytes, _http.RequestAborted);
            if (result.IsCompleted)
                throw new OperationCanceledException(_http.RequestAborted);
        }
        finally
        {
            Volatile.Write(ref _writing, false);
        }
    }

    /// <summary>Due when the connection may have been silent, or stuck, long enough; else set again for when it will be.</summary>
    private void OnTimer()
    {
        var quiet = _services.Time.GetElapsedTime(Volatile.Read(ref _lastWrite));
        if (Volatile.Read(ref _writing))
        {
            if (quiet >= _services.Options.WriteStallLimit)
                _http.Abort();
            else
                SetTimer(_services.Options.WriteStallLimit - quiet);
        }
        else if (quiet >= _services.Options.PingInterval)
        {
            _ = PingAsync();
            SetTimer(_services.Options.PingInterval);
        }
        else
        {
            SetTimer(_services.Options.PingInterval - quiet);
        }
    }

    private void SetTimer(TimeSpan due) => _timer.Change(due, Timeout.InfiniteTimeSpan);

    private async Task PingAsync()
    {
        // Whoever holds the turn is writing, and that is no silence.
        if (!await _turn.WaitAsync(TimeSpan.Zero))
            return;
        try
        {
            if (!_ended)
                await WriteNowAsync(": ping\n\n"u8.ToArray());
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection ended in this moment; whoever follows the session notices by its own token.
            _http.Abort();
        }
        finally
        {
            _turn.Release();
        }
    }
}
