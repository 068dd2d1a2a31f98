using System.Text.Json;
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
    /// <summary>Conversations that are executions of skills tell nothing: their execution does.</summary>
    public static bool Tells(SessionKey session) => !SkillSessions.IsExecution(session.SessionId);

    public static OutboxEntry Received(SessionKey session, string turnId, MessageState message, long seq) => Of(
        session,
        seq,
        EventTypes.MessageReceived,
        json =>
        {
            SessionEventData.WriteMessage(json, session.SessionId, turnId, message.Id, "user", message.Content);
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
            SessionEventData.WriteMessage(json, session.SessionId, turnId, done.MessageId, "assistant", done.Content);
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
            SessionEventData.WriteEnd(json, EventCodec.UsageOf(done), done.FinishReason, seq);
        });

    public static OutboxEntry Failed(SessionKey session, string turnId, Problem problem, long seq) => Of(
        session, seq, EventTypes.ErrorOccurred, json => SessionEventData.WriteFailure(json, session.SessionId, turnId, seq, problem));

    private static OutboxEntry Of(SessionKey session, long seq, string type, Action<Utf8JsonWriter> write) =>
        new(EventIds.Of(session, seq, type), type, CompactJson.WriteObject(write), seq);
}
