using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// One session's messages, from its own log: its history is kept longer than the tenant's events, and has the pieces of the
/// answers. A whole message is the tenant's event where that is still kept.
/// </summary>
internal sealed class SessionSubscription(SessionKey key, long afterSeq, SocketConnection socket, SocketServices services)
    : SocketSubscription(Channels.Messages, key.Tenant, socket, services)
{
    private readonly ISessionGrain _session = services.Frontend.Grains.GetSession(key);
    private readonly ITenantEventsGrain _events = services.Frontend.Grains.GetTenantEvents(new TenantEventsKey(key.Tenant));

    public override string? SessionId => key.SessionId;

    protected override async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var frames in Services.Frontend.Feed.FollowSessionAsync(key, afterSeq, cancellationToken))
        {
            foreach (var frame in frames)
            {
                if (await WriteAsync(frame, cancellationToken) is { } written && !await SendAsync(written, cancellationToken))
                    return;
            }
        }

        // The session was deleted.
        await SendAsync(ServerFrames.Unsubscribed(Channels.Messages, key.SessionId), cancellationToken);
    }

    /// <summary>The frame as the socket shows it; null when it does not.</summary>
    private async ValueTask<byte[]?> WriteAsync(SessionFrame frame, CancellationToken cancellationToken) => frame.Frame switch
    {
        TextFrame text => DeltaOf(frame, text.Content, isCode: false, null),
        CodeFrame code => DeltaOf(frame, code.Content, isCode: true, code.Language),
        MessageFrame message => await EventOf(frame, EventTypes.MessageReceived, cancellationToken) ?? ReceivedOf(frame, message),
        DoneFrame done => await EventOf(frame, EventTypes.MessageSent, cancellationToken) ?? await SentOf(frame, done, cancellationToken),
        ErrorFrame error => await EventOf(frame, EventTypes.ErrorOccurred, cancellationToken) ?? ErrorOf(frame, error.Problem),
        _ => null,
    };

    private byte[] DeltaOf(SessionFrame frame, string content, bool isCode, string? language) => ServerFrames.Delta(new TenantDelta
    {
        SessionId = key.SessionId,
        SessionSeq = frame.Seq,
        TurnId = frame.TurnId,
        Content = content,
        IsCode = isCode,
        Language = language,
        At = Services.Frontend.Time.GetUtcNow(),
    });

    private async Task<byte[]?> EventOf(SessionFrame frame, string type, CancellationToken cancellationToken) =>
        await ReadAsync(() => _events.Find(key.SessionId, frame.Seq, type, CancellationToken.None), cancellationToken) is { } one ? ServerFrames.Event(one) : null;

    /// <summary>A silo that dies costs a pause, as it does the frames themselves.</summary>
    private Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken) =>
        LogReads.ReadAsync(read, static _ => { }, Services.Frontend.Time, cancellationToken);

    private byte[] ReceivedOf(SessionFrame frame, MessageFrame message) => ServerFrames.OfSession(EventTypes.MessageReceived, frame.Seq, json =>
    {
        SessionEventData.WriteMessage(json, key.SessionId, frame.TurnId, message.MessageId, "user", message.Content);
        json.WriteNumber("sessionSeq"u8, frame.Seq);
    });

    private async Task<byte[]> SentOf(SessionFrame frame, DoneFrame done, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(() => _session.GetAnswer(frame.TurnId, CancellationToken.None), cancellationToken);
        return ServerFrames.OfSession(EventTypes.MessageSent, frame.Seq, json =>
        {
            SessionEventData.WriteMessage(json, key.SessionId, frame.TurnId, done.MessageId, "assistant", answer?.Content ?? "");
            json.WriteStartArray("actions"u8);
            foreach (var action in answer?.Actions ?? [])
                new ActionResource(action).WriteTo(json);
            json.WriteEndArray();
            SessionEventData.WriteEnd(json, done.Usage, done.FinishReason, frame.Seq);
        });
    }

    private byte[] ErrorOf(SessionFrame frame, Problem problem) => ServerFrames.OfSession(
        EventTypes.ErrorOccurred, frame.Seq, json => SessionEventData.WriteFailure(json, key.SessionId, frame.TurnId, frame.Seq, problem));
}
