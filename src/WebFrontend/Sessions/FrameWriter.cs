using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>
/// Writes frames as server-sent events (WHATWG HTML, section 9.2): <c>id</c> and one <c>data</c> line, JSON with
/// <c>type</c> first. The encoder escapes every kind of line break, so a frame is always one line.
/// </summary>
/// <param name="language">Language of error frames.</param>
/// <param name="requestId">The <c>requestId</c> of error frames: the reader's request, not the sender's.</param>
internal sealed class FrameWriter(Language language, string requestId)
{
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
    private static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText Content = JsonEncodedText.Encode("content");
    private static readonly JsonEncodedText TurnId = JsonEncodedText.Encode("turnId");

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>Appends one event. Nothing is flushed.</summary>
    public void Write(IBufferWriter<byte> output, in SessionFrame frame)
    {
        WriteId(output, frame.Seq);
        output.Write("data: "u8);
        var json = JsonOn(output);
        WriteFrame(json, frame.Frame, frame.TurnId);
        json.Flush();
        output.Write("\n\n"u8);
    }

    private static void WriteId(IBufferWriter<byte> output, long seq)
    {
        var span = output.GetSpan(32);
        "id: "u8.CopyTo(span);
        Utf8Formatter.TryFormat(seq, span[4..], out var digits);
        span[4 + digits] = (byte)'\n';
        output.Advance(5 + digits);
    }

    private static Utf8JsonWriter JsonOn(IBufferWriter<byte> output)
    {
        if (_json is not { } json)
            return _json = new Utf8JsonWriter(output, JsonResponse.WriterOptions);
        json.Reset(output);
        return json;
    }

    private void WriteFrame(Utf8JsonWriter json, Frame frame, string turnId)
    {
        json.WriteStartObject();
        switch (frame)
        {
            case TextFrame text:
                json.WriteString(Type, Text);
                json.WriteString(Content, text.Content);
                break;
            case CodeFrame code:
                json.WriteString(Type, Code);
                json.WriteString(Content, code.Content);
                if (code.Language is not null)
                    json.WriteString("language"u8, code.Language);
                break;
            case DoneFrame done:
                WriteDone(json, done);
                break;
            case ErrorFrame error:
                json.WriteString(Type, "error"u8);
                json.WritePropertyName("error"u8);
                ErrorWriter.WriteObject(json, error.Problem, language, requestId);
                break;
            case MessageFrame message:
                json.WriteString(Type, "message"u8);
                json.WriteString("messageId"u8, message.MessageId);
                json.WriteString("role"u8, "user"u8);
                json.WriteString(Content, message.Content);
                break;
            case ToolFrame tool:
                WriteTool(json, tool);
                break;
            case ActionFrame action:
                json.WriteString(Type, "action"u8);
                json.WritePropertyName("action"u8);
                new ActionResource(action.Action).WriteTo(json);
                break;
            case ApprovalFrame approval:
                json.WriteString(Type, "approval"u8);
                json.WriteString("approvalId"u8, approval.ApprovalId);
                json.WriteString("tool"u8, approval.Tool);
                json.WritePropertyName("arguments"u8);
                json.WriteRawValue(approval.Arguments.Utf8.Span, skipInputValidation: true);
                json.WritePropertyName("expiresAt"u8);
                json.WriteTime(approval.ExpiresAt);
                break;
            case QueuedFrame:
                json.WriteString(Type, "status"u8);
                json.WriteString("status"u8, "queued"u8);
                break;
            case RecoveringFrame recovering:
                json.WriteString(Type, "status"u8);
                json.WriteString("status"u8, "recovering"u8);
                json.WriteNumber("restartFrom"u8, recovering.RestartFrom);
                break;
            case RolledBackFrame rolledBack:
                json.WriteString(Type, "rolled_back"u8);
                json.WriteNumber("fromSeq"u8, rolledBack.FromSeq);
                break;
            default:
                throw new NotSupportedException($"A frame of type {frame.GetType().Name} has no form on the wire.");
        }

        json.WriteString(TurnId, turnId);
        json.WriteEndObject();
    }

    private static void WriteDone(Utf8JsonWriter json, DoneFrame done)
    {
        json.WriteString(Type, "done"u8);
        json.WriteString("messageId"u8, done.MessageId);
        json.WriteUsage(done.Usage);
        json.WriteString("finishReason"u8, done.FinishReason);
    }

    private static void WriteTool(Utf8JsonWriter json, ToolFrame tool)
    {
        json.WriteString(Type, "tool"u8);
        json.WriteString("name"u8, tool.Name);
        json.WriteString("callId"u8, tool.CallId);
        json.WriteString("status"u8, tool.Status switch
        {
            ToolStatus.Started => "started"u8,
            ToolStatus.Succeeded => "succeeded"u8,
            _ => "failed"u8,
        });
    }
}
