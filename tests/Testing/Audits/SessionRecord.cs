using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Audits;

/// <summary>All that is known of one session once its turns have ended.</summary>
public sealed record SessionRecord
{
    /// <summary>What clients sent, each message under a content and a key of its own.</summary>
    public required IReadOnlyList<SentMessage> Sent { get; init; }

    /// <summary>What every connection brought, those included that were cut.</summary>
    public required IReadOnlyList<SeenStream> Seen { get; init; }

    /// <summary>The session's frames from the first to the end of its last turn, as they are replayed now.</summary>
    public required IReadOnlyList<StreamFrame> Replayed { get; init; }

    /// <summary>The whole history, oldest first.</summary>
    public required IReadOnlyList<HistoryMessage> History { get; init; }
}
