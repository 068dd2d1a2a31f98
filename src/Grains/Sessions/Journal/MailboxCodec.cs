using System.Text.Json;
using OpenClaw.Grains.Sessions.State;

namespace OpenClaw.Grains.Sessions.Journal;

internal static class MailboxCodec
{
    /// <summary>Null for an empty mailbox: an idle session's row carries nothing.</summary>
    public static byte[]? Encode(MailboxState mailbox) => mailbox is { Running: null, Waiting: [], Deliveries: [], ToolPolicy: null, Allowed: null, Answered: null }
        ? null
        : JsonSerializer.SerializeToUtf8Bytes(mailbox, SessionStateJson.Default.MailboxState);

    public static MailboxState Decode(byte[]? stored) => stored is null
        ? MailboxState.Empty
        : JsonSerializer.Deserialize(stored, SessionStateJson.Default.MailboxState)!;
}
