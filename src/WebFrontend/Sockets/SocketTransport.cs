using System.Runtime.CompilerServices;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// The bytes below a WebSocket, which the framework's protocol reads and writes. It pings by a timer of each socket's own, so
/// here the ping is put between its frames instead, and every byte that comes counts as a sign of life.
/// </summary>
/// <remarks>
/// The protocol hands over each frame in one write. When it gives up it lets go of its stream at once: the connection below
/// lives on to the end of its request, so that the close frame that tells why is still sent.
/// </remarks>
internal sealed class SocketTransport(Stream inner, TimeProvider time) : Stream
{
    /// <summary>A whole ping without content, as a server sends it (RFC 6455, section 5.5.2).</summary>
    private static readonly ReadOnlyMemory<byte> Ping = new byte[] { 0x89, 0x00 };

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _heardAt = time.GetTimestamp();
    private int _pinging;

    /// <summary>When something came from the client last.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends a ping behind the frame that is being sent. Never throws; what came of it is seen by what is heard.</summary>
    public async Task PingAsync()
    {
        if (Interlocked.Exchange(ref _pinging, 1) == 1)
            return;
        await _turn.WaitAsync();
        try
        {
            await inner.WriteAsync(Ping);
            await inner.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection ended in this moment; whoever reads it notices.
            return;
        }
        finally
        {
            _turn.Release();
            Volatile.Write(ref _pinging, 0);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
