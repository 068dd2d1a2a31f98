using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>
/// The <c>data</c> of a session's events, see <c>docs/events.md</c>: written when it happens, and once more for whoever reads it from the
/// session's log when the event itself is not kept any more.
/// </summary>
public static class SessionEventData
{
    /// <summary>Of a message's text, in bytes of UTF-8; the history has all of it.</summary>
    private const int MaxContentBytes = 64 * 1024;

    /// <summary>What every message has, but for <c>sessionSeq</c>, which comes last.</summary>
    public static void WriteMessage(Utf8JsonWriter json, string sessionId, string turnId, string messageId, string role, string content)
    {
        json.WriteString("sessionId", sessionId);
        json.WriteString("messageId", messageId);
        json.WriteString("turnId", turnId);
        json.WriteString("role", role);
        WriteContent(json, content);
    }

    /// <summary>The end of an answer's data.</summary>
    public static void WriteEnd(Utf8JsonWriter json, TokenUsage usage, string finishReason, long seq)
    {
        json.WriteUsage(usage);
        json.WriteString("finishReason", finishReason);
        json.WriteNumber("sessionSeq", seq);
    }

    /// <summary>A turn that failed.</summary>
    public static void WriteFailure(Utf8JsonWriter json, string sessionId, string turnId, long seq, Problem problem)
    {
        json.WriteString("source", "session");
        json.WriteString("sessionId", sessionId);
        json.WriteString("turnId", turnId);
        json.WriteNumber("sessionSeq", seq);
        json.WriteError("error", problem);
    }

    private static void WriteContent(Utf8JsonWriter json, string content)
    {
        // A text of a quarter as many UTF-16 units has no more bytes.
        if (content.Length <= MaxContentBytes / 4 || Encoding.UTF8.GetByteCount(content) <= MaxContentBytes)
        {
            json.WriteString("content", content);
            return;
        }

        json.WriteString("content", WholeCharacters.Of(Encoding.UTF8.GetBytes(content).AsSpan(0, MaxContentBytes)));
        json.WriteBoolean("contentTruncated", true);
    }
}
