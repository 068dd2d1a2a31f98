using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// Writes what the server sends: one JSON object a frame, <c>type</c> first. What the stream brings to many connections is
/// written once and shared by them.
/// </summary>
internal static class ServerFrames
{
    /// <summary>A buffer that one huge frame has blown up is not kept.</summary>
    private const int LargestKept = 64 * 1024;

    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText Channel = JsonEncodedText.Encode("channel");
    private static readonly JsonEncodedText Seq = JsonEncodedText.Encode("seq");
    private static readonly JsonEncodedText SessionSeq = JsonEncodedText.Encode("sessionSeq");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    private static readonly JsonEncodedText SessionId = JsonEncodedText.Encode("sessionId");
    private static readonly JsonEncodedText TurnId = JsonEncodedText.Encode("turnId");
    private static readonly JsonEncodedText Content = JsonEncodedText.Encode("content");

    private static readonly ConditionalWeakTable<TenantEvent, byte[]> Events = [];
    private static readonly ConditionalWeakTable<TenantDelta, byte[]> Deltas = [];

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _spare;

    public static ReadOnlyMemory<byte> Authenticated { get; } = """{"type":"authenticated"}"""u8.ToArray();

    public static ReadOnlyMemory<byte> Pong(string? id) => Write(id, static (json, id) =>
    {
        json.WriteString(Type, "pong"u8);
        WriteId(json, id);
    });

    /// <param name="channels">What was subscribed to.</param>
    /// <param name="seq">The tenant's number after which its events follow.</param>
    /// <param name="firstSeq">The oldest that is kept, when what lies between is gone.</param>
    /// <param name="session">The session that is followed, and the seq after which its frames follow.</param>
    public static ReadOnlyMemory<byte> Subscribed(Channels channels, long seq, long? firstSeq, (string Id, long Seq)? session) =>
        Write((channels, seq, firstSeq, session), static (json, it) =>
        {
            json.WriteString(Type, "subscribed"u8);
            WriteChannels(json, it.channels);
            json.WriteNumber(Seq, it.seq);
            if (it.firstSeq is { } firstSeq)
                json.WriteNumber("firstSeq"u8, firstSeq);
            if (it.session is { } session)
            {
                json.WriteString(SessionId, session.Id);
                json.WriteNumber(SessionSeq, session.Seq);
            }
        });

    public static ReadOnlyMemory<byte> Unsubscribed(Channels channels, string? sessionId) => Write((channels, sessionId), static (json, it) =>
    {
        json.WriteString(Type, "unsubscribed"u8);
        WriteChannels(json, it.channels);
        if (it.sessionId is not null)
            json.WriteString(SessionId, it.sessionId);
    });

    public static ReadOnlyMemory<byte> Accepted(string sessionId, SendResult result, string? id) => Write((sessionId, result, id), static (json, it) =>
    {
        json.WriteString(Type, "accepted"u8);
        json.WriteString(SessionId, it.sessionId);
        json.WriteString("messageId"u8, it.result.MessageId);
        json.WriteString(TurnId, it.result.TurnId);
        WriteId(json, it.id);
    });

    public static ReadOnlyMemory<byte> Cancelled(string sessionId, bool cancelled, string? id) => Write((sessionId, cancelled, id), static (json, it) =>
    {
        json.WriteString(Type, "cancelled"u8);
        json.WriteString(SessionId, it.sessionId);
        json.WriteBoolean("cancelled"u8, it.cancelled);
        WriteId(json, it.id);
    });

    /// <summary>The answer to a frame that was refused.</summary>
    public static ReadOnlyMemory<byte> Refused(Problem problem, Language language, string requestId, string? id) =>
        Write((problem, language, requestId, id), static (json, it) =>
        {
            json.WriteString(Type, "error"u8);
            json.WritePropertyName("error"u8);
            ErrorWriter.WriteObject(json, it.problem, it.language, it.requestId);
            WriteId(json, it.id);
        });

    /// <summary>An event that many connections show: the same bytes for whoever asks with the same event.</summary>
    public static ReadOnlyMemory<byte> Shared(TenantEvent one) => Events.GetValue(one, Event);

    /// <summary>The same for a piece of an answer.</summary>
    public static ReadOnlyMemory<byte> Shared(TenantDelta delta) => Deltas.GetValue(delta, Delta);

    /// <summary>An event of one of the channels.</summary>
    public static byte[] Event(TenantEvent one) => Write(one, static (json, one) =>
    {
        json.WriteString(Type, TypeOf(one.Type));
        json.WriteString(Channel, ChannelNames.Of(ChannelNames.ChannelOf(one))[0]);
        json.WriteNumber(Seq, one.Seq);
        if (one.SessionSeq is { } sessionSeq)
            json.WriteNumber(SessionSeq, sessionSeq);
        json.WritePropertyName(Timestamp);
        json.WriteTime(one.At);
        json.WritePropertyName(Data);
        json.WriteRawValue(one.Data.Utf8.Span, skipInputValidation: true);
    });

    /// <summary>A piece of an answer.</summary>
    public static byte[] Delta(TenantDelta delta) => Write(delta, static (json, delta) =>
    {
        json.WriteString(Type, "message.delta"u8);
        json.WriteString(Channel, "messages"u8);
        json.WriteNumber(SessionSeq, delta.SessionSeq);
        json.WritePropertyName(Timestamp);
        json.WriteTime(delta.At);
        json.WriteStartObject(Data);
        json.WriteString(SessionId, delta.SessionId);
        json.WriteString(TurnId, delta.TurnId);
        json.WriteString(Content, delta.Content);
        json.WriteString("kind"u8, delta.IsCode ? "code"u8 : "text"u8);
        if (delta.Language is not null)
            json.WriteString("language"u8, delta.Language);
        json.WriteEndObject();
    });

    /// <summary>Something of a session that is no longer among the tenant's events, so that it has no number and no time.</summary>
    /// <param name="type">One of <see cref="EventTypes"/>.</param>
    /// <param name="sessionSeq">Its place in the session.</param>
    /// <param name="writeData">Writes the members of <c>data</c>.</param>
    public static byte[] OfSession(string type, long sessionSeq, Action<Utf8JsonWriter> writeData) =>
        Write((type, sessionSeq, writeData), static (json, it) =>
        {
            json.WriteString(Type, TypeOf(it.type));
            json.WriteString(Channel, "messages"u8);
            json.WriteNumber(SessionSeq, it.sessionSeq);
            json.WriteStartObject(Data);
            it.writeData(json);
            json.WriteEndObject();
        });

    private static string TypeOf(string eventType) => eventType switch
    {
        EventTypes.MessageReceived or EventTypes.MessageSent => "message",
        EventTypes.ErrorOccurred => "error",
        _ => eventType,
    };

    private static void WriteChannels(Utf8JsonWriter json, Channels channels)
    {
        json.WriteStartArray("channels"u8);
        foreach (var name in ChannelNames.Of(channels))
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void WriteId(Utf8JsonWriter json, string? id)
    {
        if (id is not null)
            json.WriteString("id"u8, id);
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) NewBuffer()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new Utf8JsonWriter(buffer, JsonResponse.WriterOptions));
    }

    private static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var (output, json) = _spare ?? NewBuffer();
        _spare = null;
        json.WriteStartObject();
        write(json, value);
        json.WriteEndObject();
        json.Flush();
        var frame = output.WrittenSpan.ToArray();
        if (output.Capacity <= LargestKept)
        {
            output.ResetWrittenCount();
            json.Reset();
            _spare = (output, json);
        }

        return frame;
    }
}
