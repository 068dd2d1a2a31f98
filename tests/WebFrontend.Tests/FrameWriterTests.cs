using System.Buffers;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Sessions;

namespace OpenClaw.WebFrontend.Tests;

public sealed class FrameWriterTests
{
    public static TheoryData<string, Frame> Golden => new()
    {
        { """{"type":"text","content":"我来帮你","turnId":"t"}""", new TextFrame("我来帮你") },
        { """{"type":"code","content":"console.log('Hello')","language":"javascript","turnId":"t"}""", new CodeFrame("console.log('Hello')", "javascript") },
        { """{"type":"code","content":"x","turnId":"t"}""", new CodeFrame("x", null) },
        { """{"type":"done","messageId":"msg-1","usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7},"finishReason":"stop","turnId":"t"}""", new DoneFrame("msg-1", new TokenUsage(3, 4), "stop") },
        { """{"type":"done","messageId":"msg-1","usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7,"estimated":true},"finishReason":"cancelled","turnId":"t"}""", new DoneFrame("msg-1", new TokenUsage(3, 4, true), "cancelled") },
        { """{"type":"action","action":{"type":"file_created","path":"/文档/a.md","size":1.50},"turnId":"t"}""", new ActionFrame(new TurnAction("file_created", JsonPayload.From("""{"type":"x","path":"/\u6587\u6863/a.md","size":1.50}"""))) },
        { """{"type":"tool","name":"time_now","callId":"c1","status":"started","turnId":"t"}""", new ToolFrame("time_now", "c1", ToolStatus.Started) },
        { """{"type":"tool","name":"time_now","callId":"c1","status":"succeeded","turnId":"t"}""", new ToolFrame("time_now", "c1", ToolStatus.Succeeded) },
        { """{"type":"tool","name":"time_now","callId":"c1","status":"failed","turnId":"t"}""", new ToolFrame("time_now", "c1", ToolStatus.Failed) },
        { """{"type":"status","status":"queued","turnId":"t"}""", new QueuedFrame() },
        { """{"type":"status","status":"recovering","restartFrom":12,"turnId":"t"}""", new RecoveringFrame(12) },
        { """{"type":"message","messageId":"msg-1","role":"user","content":"hi","turnId":"t"}""", new MessageFrame("msg-1", "hi") },
        { """{"type":"rolled_back","fromSeq":5,"turnId":"t"}""", new RolledBackFrame(5) },
        { """{"type":"error","error":{"code":"INTERNAL_ERROR","message":"内部错误","details":{"reason":"坏了"},"retryAfter":2,"requestId":"req-1"},"turnId":"t"}""", new ErrorFrame(Problem.Internal(502, new LocalizedText("broken", "坏了"), 2)) },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_frame_has_these_bytes(string json, Frame frame) =>
        Assert.Equal($"id: 42\ndata: {json}\n\n", Write(new SessionFrame(42, "t", frame)));

    [Fact]
    public void A_frame_is_one_line_whatever_it_holds_and_reads_back_the_same()
    {
        var text = string.Concat(Enumerable.Range(0, 0x3100).Where(c => c is < 0xD800).Select(c => (char)c)) + "\uFEFF😀𠮷👨‍👩‍👧";

        var written = Write(new SessionFrame(long.MaxValue, "t", new TextFrame(text)));

        var lines = written.Split(["\r\n", "\n", "\r", "\v", "\f", "\u001C", "\u001D", "\u001E", "\u0085", "\u2028", "\u2029"], StringSplitOptions.None);
        Assert.Equal(["id: 9223372036854775807", lines[1], "", ""], lines);
        Assert.Equal(text, JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement.GetProperty("content").GetString());
        Assert.Contains("😀𠮷👨‍👩‍👧", written);
        Assert.Contains("\u3000", written);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_becomes_a_replacement_character()
    {
        var written = Write(new SessionFrame(1, "t", new TextFrame("a\uD83Db\uDE00")));

        Assert.Contains("\"a\uFFFDb\uFFFD\"", written.Replace("\\uFFFD", "\uFFFD", StringComparison.OrdinalIgnoreCase));
    }

    private static string Write(SessionFrame frame)
    {
        var buffer = new ArrayBufferWriter<byte>();
        new FrameWriter(Language.Chinese, "req-1").Write(buffer, frame);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
