using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions;

/// <summary>From a session's row to what its owner sees.</summary>
internal static class SessionInfos
{
    /// <summary>The session of a stored row, its mailbox included.</summary>
    public static SessionInfo Describe(SessionState session, IModelGateway models) =>
        Describe(session, MailboxCodec.Decode(session.Mailbox), models);

    /// <summary>The session of a row whose mailbox was taken out of it.</summary>
    public static SessionInfo Describe(SessionState session, MailboxState mailbox, IModelGateway models) => new()
    {
        SessionId = session.Key.SessionId,
        Status = session.RunState switch
        {
            SessionRunState.Created => SessionStatus.Created,
            SessionRunState.Running or SessionRunState.Waiting => SessionStatus.Active,
            _ => SessionStatus.Idle,
        },
        Model = session.Model,
        ServedBy = models.Route(session.Model).ServedBy,
        Context = session.Context is { } context ? new JsonPayload(context) : default,
        Title = session.Title,
        CreatedAt = session.CreatedAt,
        UpdatedAt = session.UpdatedAt,
        MessageCount = session.MessageCount,
        Usage = new TokenUsage(session.InputTokens, session.OutputTokens),
        ActiveTurn = ActiveTurnOf(mailbox),
        ToolPolicy = mailbox.ToolPolicy is { } rules ? ToolRuleState.ToPolicy(rules) : null,
    };

    /// <summary>A running session as an operator sees it.</summary>
    public static ActiveSession Describe(ActiveSessionState session) => new(
        session.Key.Tenant.Value,
        session.Key.SessionId,
        session.Model,
        session.UpdatedAt,
        ActiveTurnOf(MailboxCodec.Decode(session.Mailbox)));

    private static ActiveTurn? ActiveTurnOf(MailboxState mailbox) => mailbox.Running is not { } running ? null : new ActiveTurn(
        running.TurnId,
        DateTimeOffset.FromUnixTimeMilliseconds(running.StartedAt),
        running.Step + 1,
        Mailbox.CountWaiting(mailbox));
}
