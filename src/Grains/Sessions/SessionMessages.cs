using System.Globalization;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions;

/// <summary>Pages of a session's history. A cursor is the seq of the last message seen.</summary>
internal static class SessionMessages
{
    public static async Task<SessionMessagePage> ListAsync(
        ISessionLog log, SessionKey key, MessageQuery query, CancellationToken cancellationToken)
    {
        var from = query.Descending ? long.MaxValue : 0;
        if (query.Cursor is { } cursor
            && (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out from) || from <= 0))
        {
            return SessionMessagePage.InvalidCursor;
        }

        var messages = new List<SessionMessage>(query.Limit);
        while (true)
        {
            var wanted = query.Limit - messages.Count + 1;
            var rows = await log.ReadMessagesAsync(key, from, query.Descending, wanted, cancellationToken);
            foreach (var row in rows)
            {
                if (messages.Count == query.Limit)
                    return new SessionMessagePage(messages, from.ToString(CultureInfo.InvariantCulture));
                from = row.SeqFrom;
                if (ToMessage(row) is { } message) messages.Add(message);
            }

            if (rows.Count < wanted) return new SessionMessagePage(messages, null);
        }
    }

    /// <summary>Null for a turn that failed without a word: the history has no message of it.</summary>
    private static SessionMessage? ToMessage(SessionEventState row)
    {
        if (row.Kind is SessionEventKind.Message)
        {
            var asked = EventCodec.Message(row);
            return new SessionMessage
            {
                MessageId = asked.Id,
                Role = "user",
                Content = asked.Content,
                Attachments = (asked.Attachments ?? []).Select(file => new Attachment(file.Type, file.Path)).ToArray(),
                CreatedAt = row.At,
            };
        }

        var done = EventCodec.Done(row);
        if (done.Problem is not null && done.Content.Length == 0) return null;
        return new SessionMessage
        {
            MessageId = done.MessageId,
            Role = "assistant",
            Content = done.Content,
            Actions = EventCodec.ActionsOf(done),
            CreatedAt = row.At,
        };
    }
}
