using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Benchmarks.LoadRunner.Servers;

/// <summary>
/// Makes a .NET process collect its garbage, through the runtime's diagnostic port, so that its memory shows what is alive.
/// The protocol is the runtime's "Diagnostic IPC Protocol"; turning on the keyword GCHeapCollect causes a full collection.
/// </summary>
internal static class RuntimeProbe
{
    private const int HeaderBytes = 20;
    private const byte EventPipe = 0x02;
    private const byte StopTracing = 0x01;
    private const byte CollectTracing = 0x02;
    private const byte Succeeded = 0x00;
    private const ulong GcHeapCollect = 0x800000;
    private const uint NetTrace = 1;
    private const uint Informational = 4;
    private const int SettleMs = 1500;

    /// <summary>Two full collections, with a pause after each for the heap to give memory back.</summary>
    /// <exception cref="IOException">The process has no diagnostic port, or refused.</exception>
    public static void Collect(int processId)
    {
        for (var i = 0; i < 2; i++)
            CollectOnce(processId);
    }

    private static void CollectOnce(int processId)
    {
        using var tracing = Connect(processId);
        tracing.Send(Command(CollectTracing, CollectPayload()));
        var answer = new byte[HeaderBytes + 8];
        ReadExactly(tracing, answer);
        if (answer[17] != Succeeded)
            throw new IOException($"Process {processId} refused to collect its garbage.");

        var drain = new Thread(() => Drain(tracing));
        drain.Start();
        Thread.Sleep(SettleMs);
        using (var stopping = Connect(processId))
        {
            stopping.Send(Command(StopTracing, answer.AsSpan(HeaderBytes)));
            ReadExactly(stopping, new byte[HeaderBytes]);
        }

        drain.Join();
    }

    private static Socket Connect(int processId)
    {
        var path = Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").FirstOrDefault()
            ?? throw new IOException($"Process {processId} has no diagnostic port.");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static byte[] Command(byte command, ReadOnlySpan<byte> payload)
    {
        var message = new byte[HeaderBytes + payload.Length];
        "DOTNET_IPC_V1\0"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = EventPipe;
        message[17] = command;
        payload.CopyTo(message.AsSpan(HeaderBytes));
        return message;
    }

    private static byte[] CollectPayload()
    {
        const string provider = "Microsoft-Windows-DotNETRuntime\0";
        var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload, Encoding.Unicode);
        writer.Write(16u); // MiB of buffer
        writer.Write(NetTrace);
        writer.Write(1u); // providers
        writer.Write(GcHeapCollect);
        writer.Write(Informational);
        writer.Write((uint)provider.Length);
        writer.Write(Encoding.Unicode.GetBytes(provider));
        writer.Write(0u); // no filter
        writer.Flush();
        return payload.ToArray();
    }

    private static void Drain(Socket tracing)
    {
        var buffer = new byte[64 * 1024];
        while (tracing.Receive(buffer) > 0)
        {
            // The trace itself is of no interest, but the runtime waits for its reader.
        }
    }

    private static void ReadExactly(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var received = socket.Receive(buffer);
            if (received == 0)
                throw new IOException("The diagnostic port closed.");
            buffer = buffer[received..];
        }
    }
}
