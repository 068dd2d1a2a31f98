using System.Collections.Concurrent;
using System.Text.Json;
using OpenClaw.Testing.Http;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>One session over many crashes: all that was sent to it and every frame that anybody ever saw of it.</summary>
internal sealed class Conversation(string sessionId)
{
    private readonly ConcurrentBag<StreamFrame> _seen = [];

    public string SessionId { get; } = sessionId;

    public List<SentMessage> Sent { get; } = [];

    /// <summary>The session's frames from the first to the end of its last turn, as the last audit replayed them.</summary>
    public List<StreamFrame> Replayed { get; } = [];

    /// <summary>Keeps a frame that some client saw.</summary>
    public void See(StreamFrame frame) => _seen.Add(frame);

    /// <summary>
    /// Waits until every turn has ended by itself, and holds the session against its promises.
    /// </summary>
    public async Task AuditAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var history = await client.HistoryAsync(SessionId, cancellationToken);
        var asked = history.Where(message => Role(message) == "user").Select(Content).ToList();
        foreach (var message in Sent)
        {
            var times = asked.Count(content => content == message.Content);
            Assert.True(times <= 1, $"{message.Content} stands in the history {times} times.");
            Assert.True(times == 1 || !message.Acknowledged, $"{message.Content} was acknowledged and is lost.");
        }

        await CatchUpAsync(client, asked.Count, cancellationToken);
        CheckNumbers();
        CheckSeen();
        CheckTurns(await client.HistoryAsync(SessionId, cancellationToken), asked.Count);
    }

    /// <summary>A replay from the beginning is what all the replays in parts were.</summary>
    public async Task AuditWholeAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var turns = Replayed.Count(frame => frame.EndsTurn);
        var whole = await client.ReplayAsync(SessionId, turns, cancellationToken);
        Assert.Equal(Replayed.Select(frame => (frame.Seq, frame.Raw)), whole.Select(frame => (frame.Seq, frame.Raw)));
    }

    private async Task CatchUpAsync(ApiClient client, int turns, CancellationToken cancellationToken)
    {
        var ended = Replayed.Count(frame => frame.EndsTurn);
        if (ended == turns)
            return;
        var after = Replayed.Count == 0 ? 0 : Replayed[^1].Seq;
        await using var stream = await client.WatchAsync(SessionId, after, cancellationToken);
        Replayed.AddRange(await stream.ReadUntilAsync(frame => frame.EndsTurn && ++ended == turns, cancellationToken));
    }

    /// <summary>Seqs rise by one; the one jump allowed stands right before a <c>recovering</c> status.</summary>
    private void CheckNumbers()
    {
        var expected = 1L;
        foreach (var frame in Replayed)
        {
            if (frame.IsStatus("recovering"))
            {
                Assert.True(frame.Seq >= expected, $"{frame} comes after {expected - 1}.");
                Assert.InRange(frame.Json.GetProperty("restartFrom").GetInt64(), 1, frame.Seq);
            }
            else
            {
                Assert.True(frame.Seq == expected, $"Expected {expected}, got {frame}.");
            }

            expected = frame.Seq + 1;
        }
    }

    /// <summary>
    /// One seq is one frame for good. A frame that somebody saw is still there, unless a turn that recovered has
    /// replaced it.
    /// </summary>
    private void CheckSeen()
    {
        var stored = Replayed.ToDictionary(frame => frame.Seq);
        var told = new Dictionary<long, StreamFrame>();
        var recoveries = Replayed.Where(frame => frame.IsStatus("recovering")).ToList();
        foreach (var frame in _seen)
        {
            var first = told.TryGetValue(frame.Seq, out var earlier) ? earlier : frame;
            told[frame.Seq] = first;
            Assert.True(first.Raw == frame.Raw, $"Seq {frame.Seq} was used twice:\n{first}\n{frame}");
            if (stored.TryGetValue(frame.Seq, out var kept))
                Assert.True(kept.Raw == frame.Raw, $"Seq {frame.Seq} was used twice:\n{frame}\n{kept}");
            else if (Replayed.Count > 0 && frame.Seq <= Replayed[^1].Seq)
                Assert.True(recoveries.Exists(recovery => Replaces(recovery, frame)), $"{frame} was seen and is gone.");
        }
    }

    private static bool Replaces(StreamFrame recovery, StreamFrame frame) =>
        recovery.TurnId == frame.TurnId
        && frame.Seq < recovery.Seq
        && frame.Seq >= recovery.Json.GetProperty("restartFrom").GetInt64();

    /// <summary>Each message has one turn, each turn one end and one answer, and the answer is what the frames say.</summary>
    private void CheckTurns(List<JsonElement> history, int asked)
    {
        var answers = history.Where(message => Role(message) == "assistant").ToDictionary(Id, Content);
        var turns = Replayed.GroupBy(frame => frame.TurnId).ToList();
        Assert.Equal(asked, turns.Count);
        Assert.Equal(asked, answers.Count);
        foreach (var turn in turns)
        {
            var frames = turn.ToList();
            Assert.Single(frames, frame => frame.EndsTurn);
            var done = frames[^1];
            Assert.True(done.Type == "done" && done.Text("finishReason") == "stop", done.ToString());
            Assert.True(answers.Remove(done.Text("messageId")!, out var content), $"{done} names no answer of its own.");
            Assert.Equal(Transcript.Bare(content!), Transcript.Bare(Transcript.Of(frames)));
            var question = frames.Single(frame => frame.Type == "message").Text("content");
            var sent = Sent.Single(message => message.Content == question);
            Assert.True(sent.TurnId is null || sent.TurnId == turn.Key, $"{question} was answered by {sent.TurnId} and by {turn.Key}.");
            Assert.True(sent.AnswerId is null || sent.AnswerId == done.Text("messageId"), $"{question} has two answers.");
        }
    }

    private static string Role(JsonElement message) => message.GetProperty("role").GetString()!;

    private static string Content(JsonElement message) => message.GetProperty("content").GetString()!;

    private static string Id(JsonElement message) => message.GetProperty("messageId").GetString()!;
}
