using System.Collections.Concurrent;
using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Audits;

/// <summary>One session over many crashes: all that was sent to it and every frame that anybody ever saw of it.</summary>
public sealed class Conversation(string sessionId)
{
    private readonly ConcurrentQueue<SeenStream> _seen = [];
    private readonly List<StreamFrame> _replayed = [];

    public string SessionId { get; } = sessionId;

    public List<SentMessage> Sent { get; } = [];

    /// <summary>The session's frames from the first to the end of its last turn, as the audits replayed them part by part.</summary>
    public IReadOnlyList<StreamFrame> Replayed => _replayed;

    /// <summary>The last frame of the last audit, 0 before it.</summary>
    public long LastSeq => _replayed.Count == 0 ? 0 : _replayed[^1].Seq;

    /// <summary>A connection that is being opened; what it brings is added to it.</summary>
    public SeenStream See(long? after)
    {
        var stream = new SeenStream(after);
        _seen.Enqueue(stream);
        return stream;
    }

    /// <summary>The history as the last audit read it, oldest first.</summary>
    public IReadOnlyList<HistoryMessage> History { get; private set; } = [];

    /// <summary>
    /// Waits until every turn has ended by itself, and holds the session against its promises. Nobody may be sending or
    /// reading meanwhile.
    /// </summary>
    /// <returns>Every promise that was broken; empty when all were kept.</returns>
    public async Task<IReadOnlyList<Finding>> AuditAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var turns = (await ReadHistoryAsync(client, cancellationToken)).Count(message => message.Role == "user");
        await CatchUpAsync(client, turns, cancellationToken);
        History = await ReadHistoryAsync(client, cancellationToken);
        return Auditor.Audit(new SessionRecord { Sent = Sent, Seen = [.. _seen], Replayed = _replayed, History = History });
    }

    private async Task CatchUpAsync(ApiClient client, int turns, CancellationToken cancellationToken)
    {
        var ended = _replayed.Count(frame => frame.EndsTurn);
        if (ended == turns)
            return;
        await using var stream = await client.WatchAsync(SessionId, LastSeq, cancellationToken);
        _replayed.AddRange(await stream.ReadUntilAsync(frame => frame.EndsTurn && ++ended == turns, cancellationToken));
    }

    private async Task<List<HistoryMessage>> ReadHistoryAsync(ApiClient client, CancellationToken cancellationToken) =>
        [.. (await client.HistoryAsync(SessionId, cancellationToken)).Select(HistoryMessage.Parse)];
}
