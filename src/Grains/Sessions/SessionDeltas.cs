using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Events;
using OpenClaw.Grains.Streaming;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// The pieces of a session's answers on their way to those who watch the tenant: behind the message that they answer, before the
/// whole of the answer. Belongs to one activation and is called in its turns only.
/// </summary>
internal sealed class SessionDeltas(SessionKey session, EventBell bell, Func<StreamPublisher<TenantDelta, TenantEventBatch>> newPublisher)
{
    /// <summary>Pieces that wait until it is known whether somebody watches.</summary>
    private const int MaxHeld = 1_024;

    private StreamPublisher<TenantDelta, TenantEventBatch>? _publisher;
    private List<TenantDelta>? _held;
    private Task _telling = Task.CompletedTask;

    /// <summary>Somebody watches, or may: pieces are to be published.</summary>
    public bool AreWanted => !_telling.IsCompleted || bell.IsWatched(session.Tenant);

    /// <summary>A piece, where they are wanted. Returns at once.</summary>
    public void Publish(TenantDelta delta)
    {
        if (_telling.IsCompleted) Send(new[] { delta });
        else if ((_held ??= []).Count < MaxHeld) _held.Add(delta);
    }

    /// <summary>A message was accepted: pieces wait until its event is on its way.</summary>
    public void TellMessage()
    {
        var before = _telling;
        _telling = TellAsync();

        async Task TellAsync()
        {
            var watched = bell.Ring(session.Tenant);
            await before;
            if (await watched && _held is { } held) Send(held);
            _held = null;
        }
    }

    /// <summary>A turn has ended: its event comes behind its pieces.</summary>
    public void TellEnd()
    {
        if (_telling.IsCompleted && _publisher is not { Sent.IsCompleted: false }) _ = bell.Ring(session.Tenant);
        else _ = TellAsync();

        async Task TellAsync()
        {
            await _telling;
            if (_publisher is not null) await _publisher.Sent;
            _ = bell.Ring(session.Tenant);
        }
    }

    private void Send(IReadOnlyList<TenantDelta> deltas)
    {
        _publisher ??= newPublisher();
        _publisher.Renew();
        _publisher.Publish(deltas);
    }
}
