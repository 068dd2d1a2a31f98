using System.Buffers;
using System.Net.WebSockets;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// One open socket, from its upgrade to its end. Frames are taken one after the other; what they ask for and what happens
/// meanwhile goes out through one <see cref="SocketOutbox"/>. While nothing happens it holds no buffer, thread or timer.
/// </summary>
internal sealed partial class SocketConnection
{
    /// <summary>The largest frame of a client.</summary>
    public const int MaxFrameBytes = 1024 * 1024;

    /// <summary>The largest frame that may hold a key.</summary>
    private const int MaxStrangersFrameBytes = 4 * 1024;

    private const int FirstBuffer = 4 * 1024;
    private const int MaxIdChars = 128;
    private const int TooManyRetrySeconds = 30;

    /// <summary>How long a client may take to answer a close.</summary>
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(5);

    private readonly HttpContext _http;
    private readonly WebSocket _socket;
    private readonly SocketTransport _transport;
    private readonly SocketServices _services;
    private readonly SocketOutbox _outbox;
    private readonly Language _language;
    private readonly long _openedAt;
    private SocketCommands? _commands;
    private Admission? _admission;
    private CancellationTokenRegistration _onLost;
    private FrameAllowance _allowance;
    private long _pingedAt;
    private long _unansweredAt;
    private long _closingAt;
    private IDisposable? _stranger;
    private int _badFrames;

    public SocketConnection(HttpContext http, WebSocket socket, SocketTransport transport, SocketServices services)
    {
        _http = http;
        _socket = socket;
        _transport = transport;
        _services = services;
        _outbox = new SocketOutbox(socket);
        _language = LanguagePreference.Of(http.Request);
        _openedAt = _pingedAt = Time.GetTimestamp();
        _allowance = new FrameAllowance(services.Options, Time);
    }

    private TimeProvider Time => _services.Frontend.Time;

    /// <summary>Serves the socket until it is over.</summary>
    /// <param name="known">What the upgrade itself showed, and who that is; null waits for the first frame. A credential that is nobody's closes.</param>
    /// <param name="stranger">The place among those that nobody knows; given back as soon as it is known who this is.</param>
    public async Task RunAsync((Credential Credential, Caller? Caller)? known, IDisposable? stranger)
    {
        _stranger = stranger;
        _services.Open.Add(this);
        try
        {
            if (known is { } shown)
                Admit(shown.Credential, shown.Caller);
            await ReceiveAsync();
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            LogCut(_services.Logger, _http.TraceIdentifier);
        }
        finally
        {
            await EndAsync();
        }
    }

    /// <summary>Sends a frame when there is room for it. False when the socket is closing.</summary>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken = default) => _outbox.AddAsync(frame, cancellationToken);

    /// <summary>Begins to close; what waits to be sent is thrown away.</summary>
    public void Close(WebSocketCloseStatus status, Problem? problem = null)
    {
        Interlocked.CompareExchange(ref _closingAt, Time.GetTimestamp(), 0);
        _outbox.TryClose(status, problem is null ? default(ReadOnlyMemory<byte>?) : ServerFrames.Refused(problem, _language, _http.TraceIdentifier, null));
    }

    /// <summary>The server stops.</summary>
    public void Stop() => Close(SocketCloseCodes.Stopping);

    /// <summary>Does what is due; called every second.</summary>
    public void Look(long now)
    {
        if (Volatile.Read(ref _closingAt) is not 0 and var closingAt)
        {
            if (Time.GetElapsedTime(closingAt, now) >= CloseGrace)
                Cut();
        }
        else if (_commands is null)
        {
            if (Time.GetElapsedTime(_openedAt, now) >= _services.Options.AuthenticationTimeout)
                Close(SocketCloseCodes.Unauthorized, RequestProblems.Unauthorized);
        }
        else
        {
            Ping(now);
        }
    }

    private void Ping(long now)
    {
        if (_transport.HeardAt >= _unansweredAt)
            _unansweredAt = 0;
        if (_unansweredAt != 0 && Time.GetElapsedTime(_unansweredAt, now) >= _services.Options.PongTimeout)
        {
            Close(SocketCloseCodes.Policy);
        }
        else if (Time.GetElapsedTime(_pingedAt, now) >= _services.Options.PingInterval)
        {
            _pingedAt = now;
            _unansweredAt = _unansweredAt == 0 ? now : _unansweredAt;
            _ = _transport.PingAsync();
        }
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            // Nothing is set aside for a client that is silent.
            var first = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (first.MessageType == WebSocketMessageType.Close)
                return;
            if (first.MessageType == WebSocketMessageType.Binary)
                CloseUnlessStranger(SocketCloseCodes.Binary);
            var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
            try
            {
                var length = 0;
                for (var last = first; !last.EndOfMessage; length += last.Count)
                {
                    if (Volatile.Read(ref _closingAt) != 0)
                        length = 0;
                    else if (length == buffer.Length)
                        Grow(ref buffer);
                    last = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    if (last.MessageType == WebSocketMessageType.Close)
                        return;
                    if (length + last.Count > (_commands is null ? MaxStrangersFrameBytes : MaxFrameBytes))
                        CloseUnlessStranger(SocketCloseCodes.TooBig);
                }

                if (Volatile.Read(ref _closingAt) == 0)
                    await TakeAsync(buffer.AsMemory(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>A stranger is told that he is one, and nothing else.</summary>
    private void CloseUnlessStranger(WebSocketCloseStatus status)
    {
        if (_commands is null)
            Close(SocketCloseCodes.Unauthorized, RequestProblems.Unauthorized);
        else
            Close(status);
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> utf8)
    {
        if (_commands is null)
        {
            await AuthenticateAsync(utf8);
            return;
        }

        if (!_allowance.TryTake())
        {
            await RefuseBadAsync(RequestProblems.RateLimited(1), null);
            return;
        }

        string? id = null;
        var (frame, problem) = JsonBody.ReadDocument(utf8, fields =>
        {
            id = fields.Text("id", maxChars: MaxIdChars);
            return ClientFrame.Read(fields);
        });
        if (frame is null)
        {
            await RefuseBadAsync(problem!, id);
            return;
        }

        _badFrames = 0;
        if (await ExecuteAsync(frame, id) is { } refusal)
            await RefuseAsync(refusal, id);
    }

    private async ValueTask AuthenticateAsync(ReadOnlyMemory<byte> utf8)
    {
        var (frame, _) = JsonBody.ReadDocument(utf8, ClientFrame.Read);
        if (frame is not { Type: ClientFrameType.Auth } || Credential.TryOfKey(frame.ApiKey) is not { } credential)
        {
            Close(SocketCloseCodes.Unauthorized, RequestProblems.Unauthorized);
            return;
        }

        try
        {
            if (Admit(credential, await _services.Callers.FindAsync(credential)))
                await SendAsync(ServerFrames.Authenticated);
        }
        catch (Exception exception)
        {
            var problem = ExceptionProblems.Of(exception);
            LogFailed(_services.Logger, exception, problem.Status, _http.TraceIdentifier);
            Close(SocketCloseCodes.Failed, problem);
        }
    }

    private bool Admit(Credential credential, Caller? caller)
    {
        if (caller is null)
        {
            Close(SocketCloseCodes.Unauthorized, RequestProblems.Unauthorized);
            return false;
        }

        if (!_services.Open.TryEnter(caller.Tenant))
        {
            Close(SocketCloseCodes.TooManyConnections, RequestProblems.RateLimited(TooManyRetrySeconds));
            return false;
        }

        _stranger?.Dispose();
        _commands = new SocketCommands(this, caller, _services);
        _admission = _services.Frontend.Admissions.Admit(credential);
        _onLost = _admission.Lost.UnsafeRegister(static socket => ((SocketConnection)socket!).Close(SocketCloseCodes.Unauthorized, RequestProblems.Unauthorized), this);
        return true;
    }

    private async ValueTask<Problem?> ExecuteAsync(ClientFrame frame, string? id)
    {
        try
        {
            return await _commands!.ExecuteAsync(frame, id);
        }
        catch (Exception exception)
        {
            var problem = ExceptionProblems.Of(exception);
            LogFailed(_services.Logger, exception, problem.Status, _http.TraceIdentifier);
            return problem;
        }
    }

    private async ValueTask RefuseBadAsync(Problem problem, string? id)
    {
        if (++_badFrames >= _services.Options.MaxBadFrames)
            Close(SocketCloseCodes.Policy, problem);
        else
            await RefuseAsync(problem, id);
    }

    private async ValueTask RefuseAsync(Problem problem, string? id) =>
        await SendAsync(ServerFrames.Refused(problem, _language, _http.TraceIdentifier, id));

    /// <summary>Ends the connection below the socket; whoever waits for it fails.</summary>
    private void Cut()
    {
        _socket.Abort();
        _http.Abort();
    }

    private async Task EndAsync()
    {
        _onLost.Dispose();
        _admission?.Dispose();
        Close(WebSocketCloseStatus.NormalClosure);
        if (_commands is not null)
            await _commands.EndAsync();
        await _outbox.Closed;
        _services.Open.Remove(this, _commands?.Tenant);
        _socket.Dispose();
    }

    [LoggerMessage(6100, LogLevel.Debug, "A socket was cut (request {RequestId})")]
    private static partial void LogCut(ILogger logger, string requestId);

    [LoggerMessage(6101, LogLevel.Warning, "A frame could not be served: {Status} (request {RequestId})")]
    private static partial void LogFailed(ILogger logger, Exception exception, int status, string requestId);
}
