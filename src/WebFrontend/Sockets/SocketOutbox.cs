using System.Net.WebSockets;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// What waits to be sent on one socket, in order. Bounded: who has more waits for room, and meanwhile loses what is not kept
/// elsewhere. Sends while there is something to send and holds nothing else, since there are thousands of them.
/// </summary>
internal sealed class SocketOutbox(WebSocket socket)
{
    public const int MaxFrames = 1_024;
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<ReadOnlyMemory<byte>>? _frames;
    private TaskCompletionSource? _room;
    private WebSocketCloseStatus? _status;
    private int _count;
    private int _bytes;
    private bool _isSending;

    /// <summary>Done when the close frame is sent, or cannot be.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Adds a frame, when there is room for it. False when the socket is closing and takes no more.</summary>
    public async ValueTask<bool> AddAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_status is not null)
                    return false;
                if (_count == 0 || (_count < MaxFrames && _bytes + frame.Length <= MaxBytes))
                {
                    Enqueue(frame);
                    if (_isSending)
                        return true;
                    _isSending = true;
                    break;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken);
        }

        _ = SendAsync();
        return true;
    }

    /// <summary>Throws away what waits, sends <paramref name="last"/> and closes. False when somebody has done so before.</summary>
    public bool TryClose(WebSocketCloseStatus status, ReadOnlyMemory<byte>? last = null)
    {
        lock (_lock)
        {
            if (_status is not null)
                return false;
            _status = status;
            _frames?.Clear();
            if (last is { } frame)
                Enqueue(frame);
            _room?.TrySetResult();
            if (_isSending)
                return true;
            _isSending = true;
        }

        _ = SendAsync();
        return true;
    }

    private void Enqueue(ReadOnlyMemory<byte> frame)
    {
        _frames ??= [];
        _frames.Enqueue(frame);
        _count++;
        _bytes += frame.Length;
    }

    private async Task SendAsync()
    {
        try
        {
            while (TryTake(out var frame, out var status))
            {
                if (status is { } closing)
                {
                    if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                        await socket.CloseOutputAsync(closing, null, CancellationToken.None);
                    _closed.TrySetResult();
                    return;
                }

                await socket.SendAsync(frame, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
                Sent(frame.Length);
            }
        }
        catch (Exception)
        {
            // Whatever it was, the connection is gone; whoever reads it notices.
            TryClose(WebSocketCloseStatus.Empty);
            socket.Abort();
            _closed.TrySetResult();
        }
    }

    /// <summary>The next frame, or the status to close with behind the last one. False when there is nothing to do.</summary>
    private bool TryTake(out ReadOnlyMemory<byte> frame, out WebSocketCloseStatus? status)
    {
        status = null;
        lock (_lock)
        {
            if (_frames is not null && _frames.TryDequeue(out frame))
                return true;
            frame = default;
            status = _status;
            _isSending = status is not null;
            return _isSending;
        }
    }

    private void Sent(int length)
    {
        lock (_lock)
        {
            _count = _frames!.Count;
            _bytes = _count == 0 ? 0 : _bytes - length;
            _room?.TrySetResult();
            _room = null;
        }
    }
}
