using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>What a socket's client may ask for once it is known who he is. One frame at a time.</summary>
internal sealed class SocketCommands(SocketConnection socket, Caller caller, SocketServices services)
{
    private readonly List<SocketSubscription> _subscriptions = [];

    public TenantId Tenant => caller.Tenant;

    private IGrainFactory Grains => services.Frontend.Grains;

    private ITenantEventsGrain Events => Grains.GetTenantEvents(new TenantEventsKey(caller.Tenant));

    /// <summary>Does what the frame says and answers it. Null, or why it was refused.</summary>
    public async ValueTask<Problem?> ExecuteAsync(ClientFrame frame, string? id)
    {
        TenantContext.Set(caller.Tenant);
        switch (frame.Type)
        {
            case ClientFrameType.Subscribe:
                return Lacks(Scopes.Read) ?? await SubscribeAsync(frame);
            case ClientFrameType.Unsubscribe:
                await LeaveAsync(frame.Channels, frame.SessionId);
                await socket.SendAsync(ServerFrames.Unsubscribed(frame.Channels, frame.SessionId));
                return null;
            case ClientFrameType.Message:
                return await SendAsync(frame, id);
            case ClientFrameType.Cancel:
                return Lacks(Scopes.Write) ?? await CancelAsync(frame, id);
            case ClientFrameType.Ping:
                await socket.SendAsync(ServerFrames.Pong(id));
                return null;
            default:
                return Problem.Invalid("type", SocketReasons.Authenticated);
        }
    }

    /// <summary>Nothing is followed any more when the task completes.</summary>
    public async Task EndAsync()
    {
        foreach (var subscription in _subscriptions)
            await subscription.DisposeAsync();
    }

    private Problem? Lacks(Scopes scope) => caller.Scopes.HasFlag(scope) ? null : RequestProblems.Forbidden(ScopeNames.NameOf(scope));

    private Task<Problem?> SubscribeAsync(ClientFrame frame) =>
        frame.SessionId is { } sessionId ? SubscribeToSessionAsync(frame, sessionId) : SubscribeToTenantAsync(frame);

    private async Task<Problem?> SubscribeToTenantAsync(ClientFrame frame)
    {
        // Whoever has the answer misses no piece of what he asks for next.
        await services.Feed.PrepareAsync(caller.Tenant);
        // A number beyond the last one is of another time of this tenant.
        var page = await Events.Read(frame.After ?? long.MaxValue, 1, CancellationToken.None);
        var seq = Math.Min(frame.After ?? long.MaxValue, page.HeadSeq);
        long? firstSeq = page.FirstSeq > seq + 1 ? page.FirstSeq : null;
        await LeaveAsync(frame.Channels, null);
        if (await socket.SendAsync(ServerFrames.Subscribed(frame.Channels, seq, firstSeq, null)))
            Follow(new TenantSubscription(frame.Channels, caller.Tenant, seq, socket, services));
        return null;
    }

    private async Task<Problem?> SubscribeToSessionAsync(ClientFrame frame, string sessionId)
    {
        var others = _subscriptions.Count(other => other.SessionId is not null && other.SessionId != sessionId && !other.IsOver);
        if (others >= services.Options.MaxSessions)
            return Problem.Invalid("sessionId", SocketReasons.TooManySessions(services.Options.MaxSessions), 409);
        if (!SessionIds.IsPossible(sessionId))
            return RequestProblems.SessionNotFound;
        var key = new SessionKey(caller.Tenant, sessionId);
        var head = await Grains.GetSession(key).Watch(CancellationToken.None);
        if (head < 0)
            return RequestProblems.SessionNotFound;
        var seq = (await Events.Read(long.MaxValue, 1, CancellationToken.None)).HeadSeq;
        var sessionSeq = Math.Min(frame.After ?? head, head);
        await LeaveAsync(frame.Channels, sessionId);
        if (await socket.SendAsync(ServerFrames.Subscribed(frame.Channels, seq, null, (sessionId, sessionSeq))))
            Follow(new SessionSubscription(key, sessionSeq, socket, services));
        return null;
    }

    private void Follow(SocketSubscription subscription)
    {
        _subscriptions.Add(subscription);
        subscription.Start();
    }

    private async Task LeaveAsync(Channels channels, string? sessionId)
    {
        for (var i = _subscriptions.Count - 1; i >= 0; i--)
        {
            var subscription = _subscriptions[i];
            if (subscription.SessionId == sessionId)
                subscription.Leave(channels);
            if (!subscription.IsOver)
                continue;
            _subscriptions.RemoveAt(i);
            await subscription.DisposeAsync();
        }
    }

    private async Task<Problem?> SendAsync(ClientFrame frame, string? id)
    {
        if (Lacks(Scopes.Write) is { } lacking)
            return lacking;
        if (services.Frontend.IsOverloaded)
            return RequestProblems.Overloaded;
        var decision = await Grains.GetRateLimit(new RateLimitKey(caller.Tenant, RateLimitClass.Messages)).Acquire();
        if (!decision.Granted)
            return RequestProblems.RateLimited(decision.ResetSeconds);
        var (key, problem) = frame.SessionId is { } sessionId
            ? (new SessionKey(caller.Tenant, sessionId), SessionIds.IsPossible(sessionId) ? null : RequestProblems.SessionNotFound)
            : await CreateSessionAsync();
        if (problem is not null)
            return problem;

        var deliveryId = services.Frontend.RepeatsCalls ? Guid.NewGuid().ToString("n") : null;
        var result = await Grains.GetSession(key).Send(frame.Message!.ToCommand(caller, deliveryId), CancellationToken.None);
        if (result.Problem is null)
            await socket.SendAsync(ServerFrames.Accepted(key.SessionId, result, id));
        return result.Problem;
    }

    private async Task<(SessionKey Key, Problem? Problem)> CreateSessionAsync()
    {
        var key = new SessionKey(caller.Tenant, SessionIds.Create(services.Frontend.Time.GetUtcNow()));
        var created = await Grains.GetSession(key).Create(new CreateSession(), CancellationToken.None);
        // The id is this frame's own, so a session that is there was made by a call of ours that got no answer.
        return (key, created.Problem is { Status: not StatusCodes.Status409Conflict } ? created.Problem : null);
    }

    private async Task<Problem?> CancelAsync(ClientFrame frame, string? id)
    {
        var sessionId = frame.SessionId!;
        if (!SessionIds.IsPossible(sessionId))
            return RequestProblems.SessionNotFound;
        var result = await Grains.GetSession(new SessionKey(caller.Tenant, sessionId)).Cancel(CancellationToken.None);
        if (!result.Found)
            return RequestProblems.SessionNotFound;
        await socket.SendAsync(ServerFrames.Cancelled(sessionId, result.TurnId is not null, id));
        return null;
    }
}
