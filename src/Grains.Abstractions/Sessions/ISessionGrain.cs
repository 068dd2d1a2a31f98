using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>One conversation: the only writer of its log. Key: <see cref="SessionKey"/>.</summary>
[Alias("OpenClaw.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Creates the session. When the task completes the session's row is durable.</summary>
    /// <remarks>Refused with a <see cref="Problem"/> on <c>model</c> when no configured provider serves it. Never calls out.</remarks>
    [Alias("Create"), Repeatable]
    Task<CreateSessionResult> Create(CreateSession command, CancellationToken cancellationToken);

    /// <summary>The session, or null when there is none.</summary>
    /// <remarks>Interleaves with a running turn.</remarks>
    [Alias("Get"), AlwaysInterleave, Repeatable]
    Task<SessionInfo?> Get(CancellationToken cancellationToken);

    /// <summary>Changes title, context or model. Durable when the task completes; a running turn keeps its model.</summary>
    [Alias("Update"), Repeatable]
    Task<CreateSessionResult> Update(UpdateSession command, CancellationToken cancellationToken);

    /// <summary>Stops a running turn and removes the session for good. False when there is none.</summary>
    [Alias("Delete"), ResponseTimeout("00:00:30")]
    Task<bool> Delete(CancellationToken cancellationToken);

    /// <summary>Accepts a message. When the task completes the message is durable and no crash loses it or its answer.</summary>
    [Alias("Send"), Repeatable]
    Task<SendResult> Send(SendMessage message, CancellationToken cancellationToken);

    /// <summary>The message that was accepted under this key, or null. Nothing is accepted.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("FindAccepted"), AlwaysInterleave, Repeatable]
    Task<SendResult?> FindAccepted(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>
    /// The caller's direct read: frames after the cursor as soon as there is one, or an empty batch after the cursor's
    /// waiting time (a heartbeat: its absence means that the activation's silo has died).
    /// </summary>
    /// <remarks>Interleaves with everything.</remarks>
    [Alias("Read"), AlwaysInterleave]
    Task<FrameBatch> Read(FrameCursor cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the session to publish its frames to its stream for the next 30 s, and tells the head seq, so that a watcher
    /// that has seen less knows that it missed something. -1 when there is no such session.
    /// </summary>
    /// <remarks>Interleaves. Nothing durable: a watcher renews every 10 s.</remarks>
    [Alias("Watch"), AlwaysInterleave, Repeatable]
    Task<long> Watch(CancellationToken cancellationToken);

    /// <summary>
    /// How a turn ended, or how far it is when it waits for an approval; null while it waits or runs, or when there is no such turn.
    /// </summary>
    [Alias("GetAnswer"), AlwaysInterleave, Repeatable]
    Task<TurnAnswer?> GetAnswer(string turnId, CancellationToken cancellationToken);

    /// <summary>A page of the history, or null when there is no such session.</summary>
    [Alias("ListMessages"), AlwaysInterleave, Repeatable]
    Task<SessionMessagePage?> ListMessages(MessageQuery query, CancellationToken cancellationToken);

    /// <summary>What waits for somebody's approval, or null when there is no such session.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("ListApprovals"), AlwaysInterleave, Repeatable]
    Task<ApprovalList?> ListApprovals(CancellationToken cancellationToken);

    /// <summary>
    /// Answers a request. The first answer counts: a later one that says the same is told so, another is a conflict. Durable
    /// when the task completes; the turn goes on once all its requests are answered.
    /// </summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Decide"), AlwaysInterleave, Repeatable]
    Task<ApprovalOutcome> Decide(DecideApproval answer, CancellationToken cancellationToken);

    /// <summary>Cancels the running turn; what it said stays in the history. Durable when the task completes.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Cancel"), AlwaysInterleave, Repeatable]
    Task<CancelResult> Cancel(CancellationToken cancellationToken);

    /// <summary>Activates the session so that an unfinished turn goes on. Called by the watchdog.</summary>
    [Alias("Resume")]
    Task Resume(CancellationToken cancellationToken);
}

/// <summary>Either the session as it is now or why the call was refused.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.CreateSessionResult")]
public sealed record CreateSessionResult(
    [property: Id(0)] SessionInfo? Session,
    [property: Id(1)] Problem? Problem);

/// <summary>What a cancel found.</summary>
/// <param name="Found">False when there is no such session.</param>
/// <param name="TurnId">The turn that was cancelled, or null when none ran.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.CancelResult")]
public sealed record CancelResult([property: Id(0)] bool Found, [property: Id(1)] string? TurnId);
