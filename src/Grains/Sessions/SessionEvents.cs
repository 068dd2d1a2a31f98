using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Skills.Running;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Sessions;

/// <summary>What the tenant is told of a session; see <c>docs/events.md</c>.</summary>
internal static class SessionEvents
{
    /// <summary>Of a message's text, in bytes of UTF-8; the history has all of it.</summary>
    private const int MaxContentBytes = 64 * 1024;

    /// <summary>Conversations that are executions of skills tell nothing: their execution does.</summary>
    public static bool Tells(SessionKey session) => !SkillSessions.IsExecution(session.SessionId);

    public static OutboxEntry Received(SessionKey session, string turnId, MessageState message, long seq) => Of(
        session,
        seq,
        EventTypes.MessageReceived,
        json =>
        {
            json.WriteString("sessionId", session.SessionId);
            json.WriteString("messageId", message.Id);
            json.WriteString("turnId", turnId);
            json.WriteString("role", "user");
            WriteContent(json, message.Content);
            if (message.Attachments is { Count: > 0 } attachments)
            {
                json.WriteStartArray("attachments");
                foreach (var attachment in attachments)
                {
                    json.WriteStartObject();
                    json.WriteString("type", attachment.Type);
                    json.WriteString("path", attachment.Path);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteNumber("sessionSeq", seq);
        });

    public static OutboxEntry Sent(SessionKey session, string turnId, DoneState done, long seq) => Of(
        session,
        seq,
        EventTypes.MessageSent,
        json =>
        {
            json.WriteString("sessionId", session.SessionId);
            json.WriteString("messageId", done.MessageId);
            json.WriteString("turnId", turnId);
            json.WriteString("role", "assistant");
            WriteContent(json, done.Content);
            json.WriteStartArray("actions");
            foreach (var action in done.Actions ?? [])
            {
                json.WriteStartObject();
                json.WriteString("type", action.Type);
                foreach (var field in action.Fields.EnumerateObject())
                {
                    if (!field.NameEquals("type"u8)) field.WriteTo(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("usage");
            json.WriteNumber("inputTokens", done.InputTokens);
            json.WriteNumber("outputTokens", done.OutputTokens);
            json.WriteNumber("totalTokens", done.InputTokens + done.OutputTokens);
            if (done.Estimated) json.WriteBoolean("estimated", true);
            json.WriteEndObject();
            json.WriteString("finishReason", done.FinishReason);
            json.WriteNumber("sessionSeq", seq);
        });

    public static OutboxEntry Failed(SessionKey session, string turnId, Problem problem, long seq) => Of(
        session,
        seq,
        EventTypes.ErrorOccurred,
        json =>
        {
            json.WriteString("source", "session");
            json.WriteString("sessionId", session.SessionId);
            json.WriteString("turnId", turnId);
            json.WriteNumber("sessionSeq", seq);
            json.WriteError("error", problem);
        });

    private static OutboxEntry Of(SessionKey session, long seq, string type, Action<Utf8JsonWriter> write) =>
        new(EventIds.Of(session, seq, type), type, CompactJson.WriteObject(write), seq);

    private static void WriteContent(Utf8JsonWriter json, string content)
    {
        // Whoever has fewer characters than a quarter of the bytes has fewer bytes.
        if (content.Length <= MaxContentBytes / 4 || Encoding.UTF8.GetByteCount(content) <= MaxContentBytes)
        {
            json.WriteString("content", content);
            return;
        }

        json.WriteString("content", WholeCharacters.Of(Encoding.UTF8.GetBytes(content).AsSpan(0, MaxContentBytes)));
        json.WriteBoolean("contentTruncated", true);
    }
}
