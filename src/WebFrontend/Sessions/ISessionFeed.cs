using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>A session's frames for one connection, in order, each once, whatever happens to the silo they come from.</summary>
internal interface ISessionFeed
{
    /// <summary>
    /// The caller's direct read: the turn's frames above <paramref name="afterSeq"/>. Ends after its <c>done</c> or
    /// <c>error</c> frame, or when the session is gone.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<SessionFrame>> FollowTurnAsync(SessionKey key, string turnId, long afterSeq, CancellationToken cancellationToken);

    /// <summary>Everyone else's: all frames above <paramref name="afterSeq"/>, for as long as the session exists.</summary>
    IAsyncEnumerable<IReadOnlyList<SessionFrame>> FollowSessionAsync(SessionKey key, long afterSeq, CancellationToken cancellationToken);
}
