using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Sessions;

/// <summary>Columns in the order in which the statements name them.</summary>
internal static class SessionRows
{
    public static SessionKey ReadKey(ISqlRow row) => new(TenantId.Parse(row.GetText(0)), row.GetText(1));

    public static SessionState ReadSession(ISqlRow row) => new()
    {
        Key = ReadKey(row),
        Epoch = row.GetInt64(2),
        Revision = row.GetInt64(3),
        Head = row.GetInt64(4),
        Reserved = row.GetInt64(5),
        RunState = (SessionRunState)row.GetInt64(6),
        MessageCount = row.GetInt64(7),
        InputTokens = row.GetInt64(8),
        OutputTokens = row.GetInt64(9),
        CreatedAt = row.GetTime(10),
        UpdatedAt = row.GetTime(11),
        Overlap = row.IsNull(12) ? null : (OverlapRule)row.GetInt64(12),
        Model = row.GetText(13),
        Title = row.GetProseOrNull(14),
        Mailbox = row.GetBytesOrNull(15),
        Context = row.GetBytesOrNull(16),
        SystemPrompt = row.GetProseOrNull(17),
    };

    public static SqlValue[] Write(SessionState session, Guid appendId) =>
    [
        SqlValue.Of(session.Key.Tenant.Value), SqlValue.Of(session.Key.SessionId), SqlValue.Of(session.Epoch), SqlValue.Of(session.Revision),
        SqlValue.Of(session.Head), SqlValue.Of(session.Reserved), SqlValue.Of((long)session.RunState), SqlValue.Of(appendId),
        SqlValue.Of(session.MessageCount), SqlValue.Of(session.InputTokens), SqlValue.Of(session.OutputTokens),
        SqlValue.Of(session.CreatedAt), SqlValue.Of(session.UpdatedAt), SqlValue.Of((long?)session.Overlap), SqlValue.Of(session.Model),
        SqlValue.OfProse(session.Title), SqlValue.Of(session.Mailbox), SqlValue.Of(session.Context), SqlValue.OfProse(session.SystemPrompt),
    ];

    public static SessionEventState ReadEvent(ISqlRow row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.GetText(2),
        (SessionEventKind)row.GetInt64(3),
        row.GetBytes(5),
        row.GetTime(4));

    /// <summary>Whether the history shows the event.</summary>
    public static bool IsListed(SessionEventState entry, UndoTurn? undo) =>
        entry.Kind is SessionEventKind.Message or SessionEventKind.Done
        && (undo is null || entry.SeqFrom < undo.FromSeq || entry.TurnId != undo.TurnId);

    /// <summary>What an append that matched no row has met.</summary>
    /// <param name="storedAppendId">The row's append id, or null when there is no row.</param>
    /// <param name="append">The append.</param>
    public static AppendOutcome OutcomeOfMismatch(byte[]? storedAppendId, SessionAppend append) =>
        storedAppendId is null ? AppendOutcome.Deleted
        : new Guid(storedAppendId) == append.AppendId ? AppendOutcome.Written
        : AppendOutcome.Fenced;
}
