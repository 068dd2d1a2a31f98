using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace OpenClaw.Benchmarks.Shared;

/// <summary>Writes a turn's frames as the product writes them: <c>id:</c>, <c>data:</c>, at last <c>done</c>.</summary>
/// <param name="output">The response's body, or null to keep the answer only.</param>
/// <param name="keepAnswer">Whether <see cref="Answer"/> gathers the text.</param>
public sealed class TurnFrames(PipeWriter? output, bool keepAnswer)
{
    private readonly byte[] _turnId = NewId();
    private readonly ArrayBufferWriter<byte>? _answer = keepAnswer ? new(256) : null;
    private long _seq;

    /// <summary>The whole text so far, escaped as inside a JSON string.</summary>
    public ReadOnlyMemory<byte> Answer => _answer?.WrittenMemory ?? default;

    public int InputTokens { get; set; }

    public int OutputTokens { get; set; }

    /// <summary>A random id of 32 hexadecimal digits.</summary>
    public static byte[] NewId()
    {
        var id = new byte[32];
        Guid.NewGuid().TryFormat(id, out _, "N");
        return id;
    }

    /// <summary>Writes a comment, so that headers leave before the first frame.</summary>
    public void WriteComment() => output?.Write(": accepted\n\n"u8);

    /// <param name="text">Escaped as inside a JSON string.</param>
    public void WriteText(ReadOnlySpan<byte> text)
    {
        _answer?.Write(text);
        if (output is null)
            return;
        var frame = new FrameBuffer(output, text.Length + 160);
        frame.Add("id: "u8);
        frame.Add(++_seq);
        frame.Add("\ndata: {\"type\":\"text\",\"turnId\":\""u8);
        frame.Add(_turnId);
        frame.Add("\",\"content\":\""u8);
        frame.Add(text);
        frame.Add("\"}\n\n"u8);
        frame.Commit();
    }

    /// <summary>Writes the last frame of the turn.</summary>
    /// <param name="messageId">32 hexadecimal digits.</param>
    public void WriteDone(ReadOnlySpan<byte> messageId)
    {
        if (output is null)
            return;
        var frame = new FrameBuffer(output, 320);
        frame.Add("id: "u8);
        frame.Add(++_seq);
        frame.Add("\ndata: {\"type\":\"done\",\"turnId\":\""u8);
        frame.Add(_turnId);
        frame.Add("\",\"messageId\":\""u8);
        frame.Add(messageId);
        frame.Add("\",\"usage\":{\"inputTokens\":"u8);
        frame.Add(InputTokens);
        frame.Add(",\"outputTokens\":"u8);
        frame.Add(OutputTokens);
        frame.Add("},\"finishReason\":\"stop\"}\n\n"u8);
        frame.Commit();
    }

    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) =>
        output?.FlushAsync(cancellationToken) ?? default;

    /// <summary>Puts a frame together in one span of the response's buffer.</summary>
    private ref struct FrameBuffer(PipeWriter output, int size)
    {
        private readonly Span<byte> _span = output.GetSpan(size);
        private int _length;

        public void Add(ReadOnlySpan<byte> part)
        {
            part.CopyTo(_span[_length..]);
            _length += part.Length;
        }

        public void Add(long number)
        {
            Utf8Formatter.TryFormat(number, _span[_length..], out var written);
            _length += written;
        }

        public readonly void Commit() => output.Advance(_length);
    }
}
