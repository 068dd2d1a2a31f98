using System.Buffers.Text;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Http;

/// <summary>Sends messages over one connection, one after the other, and times their answers.</summary>
internal sealed class TurnClient(HttpConnection connection)
{
    private readonly SseScanner _scanner = new();

    /// <summary>Sends a message whose answer is streamed and reads that to the end.</summary>
    /// <param name="request">The message.</param>
    /// <param name="ages">Takes the age of each stamped chunk at its receipt, in ticks; or null.</param>
    public TurnTiming Stream(byte[] request, List<long>? ages = null)
    {
        var start = Clock.Now;
        var status = connection.Send(request);
        var timing = new TurnTiming { Start = start, FirstByte = connection.ReceivedAt };
        _scanner.Reset();
        while (connection.TryReadBody(out var piece))
        {
            while (_scanner.TryRead(ref piece, out var data))
            {
                if (data.SequenceEqual("[DONE]"u8))
                    timing.Done = connection.ReceivedAt;
                else
                    ReadFrame(data, ref timing, ages);
            }
        }

        timing.Failed |= status != 200 || timing.Done == 0 || timing.FirstFrame == 0;
        return timing;
    }

    /// <summary>Sends a message whose answer comes as a whole.</summary>
    public TurnTiming Send(byte[] request)
    {
        var start = Clock.Now;
        var status = connection.Send(request);
        var first = connection.ReceivedAt;
        while (connection.TryReadBody(out _))
        {
            // The answer's text is of no interest, its end is.
        }

        return new TurnTiming
        {
            Start = start,
            FirstByte = first,
            FirstFrame = first,
            Done = connection.ReceivedAt,
            Failed = status != 200,
        };
    }

    /// <summary>Adds the age of each stamp (<c>@ticks;</c>) in a frame, received at <paramref name="now"/>.</summary>
    public static void AddAges(ReadOnlySpan<byte> data, long now, List<long> ages)
    {
        int at;
        while ((at = data.IndexOf((byte)'@')) >= 0)
        {
            data = data[(at + 1)..];
            if (Utf8Parser.TryParse(data, out long stamp, out var digits) && digits < data.Length && data[digits] == (byte)';')
                ages.Add(now - stamp);
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> data, ref TurnTiming timing, List<long>? ages)
    {
        var mark = "\"type\":\""u8;
        var at = data.IndexOf(mark);
        if (at < 0)
        {
            // A chunk of the model server itself; its first one names the role and holds no text.
            if (timing.FirstFrame == 0 && data.IndexOf("\"role\""u8) < 0)
                timing.FirstFrame = connection.ReceivedAt;
        }
        else
        {
            var type = data[(at + mark.Length)..];
            if (type.StartsWith("done\""u8))
                timing.Done = connection.ReceivedAt;
            else if (type.StartsWith("error\""u8))
                timing.Failed = true;
            else if (timing.FirstFrame == 0 && (type.StartsWith("text\""u8) || type.StartsWith("code\""u8)))
                timing.FirstFrame = connection.ReceivedAt;
        }

        if (ages is not null)
            AddAges(data, connection.ReceivedAt, ages);
    }
}
