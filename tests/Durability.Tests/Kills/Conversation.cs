using System.Collections.Concurrent;
using OpenClaw.Durability.Tests.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>One session over many crashes: all that was sent to it and every frame that anybody ever saw of it.</summary>
internal sealed class Conversation(string sessionId)
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

    /// <summary>
    /// Waits until every turn has ended by itself, and holds the session against its promises. Nobody may be sending or
    /// reading meanwhile.
    /// </summary>
    public async Task AuditAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var turns = (await ReadHistoryAsync(client, cancellationToken)).Count(message => message.Role == "user");
        await CatchUpAsync(client, turns, cancellationToken);
        var record = new SessionRecord
        {
            Sent = Sent,
            Seen = [.. _seen],
            Replayed = _replayed,
            History = await ReadHistoryAsync(client, cancellationToken),
        };
        var findings = Auditor.Audit(record);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    /// <summary>A replay from the beginning is what all the replays in parts were.</summary>
    public async Task AuditWholeAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var whole = await client.ReplayAsync(SessionId, _replayed.Count(frame => frame.EndsTurn), cancellationToken);
        Assert.Equal(_replayed.Select(frame => (frame.Seq, frame.Raw)), whole.Select(frame => (frame.Seq, frame.Raw)));
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
