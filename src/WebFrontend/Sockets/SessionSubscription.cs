using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Sessions;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// One session's messages, from its own log: its history is kept longer than the tenant's events, and has the pieces of the
/// answers. A whole message is the tenant's event where that is still kept.
/// </summary>
internal sealed class SessionSubscription(SessionKey key, long afterSeq, SocketConnection socket, SocketServices services)
    : SocketSubscription(Channels.Messages, key.Tenant, socket, services)
{
    /// <summary>Of a message's text, in bytes of UTF-8, as in the tenant's events; the history has all of it.</summary>
    private const int MaxContentBytes = 64 * 1024;

    private readonly ISessionGrain _session = services.Frontend.Grains.GetSession(key);
    private readonly ITenantEventsGrain _events = services.Frontend.Grains.GetTenantEvents(new TenantEventsKey(key.Tenant));

    public override string? SessionId => key.SessionId;

    protected override async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var frames in Services.Frontend.Feed.FollowSessionAsync(key, afterSeq, cancellationToken))
        {
            foreach (var frame in frames)
            {
                if (await WriteAsync(frame) is { } written && !await SendAsync(written, cancellationToken))
                    return;
            }
        }

        // The session was deleted.
        await SendAsync(ServerFrames.Unsubscribed(Channels.Messages, key.SessionId), cancellationToken);
    }

    /// <summary>The frame as the socket shows it; null when it does not.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> WriteAsync(SessionFrame frame) => frame.Frame switch
    {
        TextFrame text => DeltaOf(frame, text.Content, isCode: false, null),
        CodeFrame code => DeltaOf(frame, code.Content, isCode: true, code.Language),
        MessageFrame message => await EventOf(frame, EventTypes.MessageReceived) ?? ReceivedOf(frame, message),
        DoneFrame done => await EventOf(frame, EventTypes.MessageSent) ?? await SentOf(frame, done),
        ErrorFrame error => await EventOf(frame, EventTypes.ErrorOccurred) ?? ErrorOf(frame, error.Problem),
        _ => null,
    };

    private ReadOnlyMemory<byte> DeltaOf(SessionFrame frame, string content, bool isCode, string? language) => ServerFrames.Delta(new TenantDelta
    {
        SessionId = key.SessionId,
        SessionSeq = frame.Seq,
        TurnId = frame.TurnId,
        Content = content,
        IsCode = isCode,
        Language = language,
        At = Services.Frontend.Time.GetUtcNow(),
    });

    private async Task<ReadOnlyMemory<byte>?> EventOf(SessionFrame frame, string type)
    {
        if (await _events.FindSeq(key.SessionId, frame.Seq, type, CancellationToken.None) is not { } seq)
            return null;
        var page = await _events.Read(seq - 1, 1, CancellationToken.None);
        return page.Events is [var one] && one.Seq == seq ? ServerFrames.Event(one) : null;
    }

    private ReadOnlyMemory<byte> ReceivedOf(SessionFrame frame, MessageFrame message) =>
        ServerFrames.OfSession(EventTypes.MessageReceived, frame.Seq, json => WriteMessage(json, frame, message.MessageId, "user", message.Content));

    private async Task<ReadOnlyMemory<byte>> SentOf(SessionFrame frame, DoneFrame done)
    {
        var answer = await _session.GetAnswer(frame.TurnId, CancellationToken.None);
        return ServerFrames.OfSession(EventTypes.MessageSent, frame.Seq, json =>
        {
            WriteMessage(json, frame, done.MessageId, "assistant", answer?.Content ?? "");
            json.WriteStartArray("actions"u8);
            foreach (var action in answer?.Actions ?? [])
                new ActionResource(action).WriteTo(json);
            json.WriteEndArray();
            json.WriteStartObject("usage"u8);
            json.WriteNumber("inputTokens"u8, done.Usage.InputTokens);
            json.WriteNumber("outputTokens"u8, done.Usage.OutputTokens);
            json.WriteNumber("totalTokens"u8, done.Usage.TotalTokens);
            if (done.Usage.Estimated)
                json.WriteBoolean("estimated"u8, true);
            json.WriteEndObject();
            json.WriteString("finishReason"u8, done.FinishReason);
        });
    }

    private ReadOnlyMemory<byte> ErrorOf(SessionFrame frame, Problem problem) => ServerFrames.OfSession(EventTypes.ErrorOccurred, frame.Seq, json =>
    {
        json.WriteString("source"u8, "session"u8);
        json.WriteString("sessionId"u8, key.SessionId);
        json.WriteString("turnId"u8, frame.TurnId);
        json.WriteNumber("sessionSeq"u8, frame.Seq);
        json.WriteError("error", problem);
    });

    private static void WriteContent(Utf8JsonWriter json, string content)
    {
        var utf8 = Encoding.UTF8.GetBytes(content);
        if (utf8.Length <= MaxContentBytes)
        {
            json.WriteString("content"u8, utf8);
            return;
        }

        json.WriteString("content"u8, WholeCharacters.Of(utf8.AsSpan(0, MaxContentBytes)));
        json.WriteBoolean("contentTruncated"u8, true);
    }

    private void WriteMessage(Utf8JsonWriter json, SessionFrame frame, string messageId, string role, string content)
    {
        json.WriteString("sessionId"u8, key.SessionId);
        json.WriteString("messageId"u8, messageId);
        json.WriteString("turnId"u8, frame.TurnId);
        json.WriteString("role"u8, role);
        WriteContent(json, content);
        json.WriteNumber("sessionSeq"u8, frame.Seq);
    }
}
