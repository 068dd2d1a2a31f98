using System.Text.Encodings.Web;
using System.Text.Json;
using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Durability.Tests.Audits;

/// <summary>
/// The true record of a session with two turns, the second cut by a crash. Every test falsifies one thing in it.
/// </summary>
/// <remarks>
/// Seqs 1 to 5 are the first turn, 6 to 8 what the second wrote before the crash, of which 8 is said again after the
/// recovery at 100. A client saw 8 and a frame 9 that was never written.
/// </remarks>
internal sealed class RecordBuilder
{
    public const string First = "turn-1";
    public const string Second = "turn-6";

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public List<SentMessage> Sent { get; } =
    [
        new SentMessage("one", streamed: true) { Acknowledged = true, TurnId = First },
        new SentMessage("two", streamed: false) { Acknowledged = true, AnswerId = "a2" },
        new SentMessage("never arrived", streamed: true),
    ];

    public List<StreamFrame> Replayed { get; } =
    [
        Message(1, First, "one"), Text(2, First, "Hel"), Text(3, First, "lo "), Text(4, First, "one."), Done(5, First, "a1"),
        Message(6, Second, "two"), Text(7, Second, "Hel"),
        Recovering(100, Second, 7), Text(101, Second, "Hello "), Text(102, Second, "two."), Done(103, Second, "a2"),
    ];

    public List<HistoryMessage> History { get; } =
    [
        new("q1", "user", "one"), new("a1", "assistant", "Hello one."), new("q2", "user", "two"), new("a2", "assistant", "Hello two."),
    ];

    /// <summary>The stream of the first turn, which its caller read to the end.</summary>
    public SeenStream Turn { get; }

    /// <summary>A stream of the whole session that the crash cut.</summary>
    public SeenStream Session { get; }

    public RecordBuilder()
    {
        Turn = new SeenStream(null) { Frames = [.. Replayed[1..5]] };
        Session = new SeenStream(0) { Frames = [.. Replayed[..7], Text(8, Second, "lo "), Text(9, Second, "tw")] };
    }

    public IReadOnlyList<Finding> Audit() => Auditor.Audit(new SessionRecord
    {
        Sent = Sent,
        Seen = [Turn, Session],
        Replayed = Replayed,
        History = History,
    });

    public static StreamFrame Message(long seq, string turnId, string content) =>
        Frame(seq, new { type = "message", turnId, messageId = $"q{seq}", role = "user", content });

    public static StreamFrame Text(long seq, string turnId, string content) => Frame(seq, new { type = "text", turnId, content });

    public static StreamFrame Recovering(long seq, string turnId, long restartFrom) =>
        Frame(seq, new { type = "status", turnId, status = "recovering", restartFrom });

    public static StreamFrame Done(long seq, string turnId, string messageId, string finishReason = "stop") =>
        Frame(seq, new { type = "done", turnId, messageId, finishReason });

    public static StreamFrame Error(long seq, string turnId) =>
        Frame(seq, new { type = "error", turnId, error = new { code = "INTERNAL_ERROR" } });

    private static StreamFrame Frame(long seq, object body)
    {
        var raw = JsonSerializer.Serialize(body, Unescaped);
        return new StreamFrame(seq, raw, JsonElement.Parse(raw));
    }
}
