using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>The newest finished turns of a session and the summary of what came before them.</summary>
internal sealed class SessionHistory
{
    private readonly List<HistoryTurn> _turns;

    private SessionHistory(SessionSummaryState? summary, List<HistoryTurn> turns)
    {
        Summary = summary;
        _turns = turns;
    }

    public SessionSummaryState? Summary { get; private set; }

    /// <summary>In the order in which they ended.</summary>
    public IReadOnlyList<HistoryTurn> Turns => _turns;

    /// <summary>Approximate bytes in memory.</summary>
    public int Bytes
    {
        get
        {
            var bytes = 256 + (2 * (Summary?.Text.Length ?? 0));
            foreach (var turn in _turns) bytes += turn.Bytes;
            return bytes;
        }
    }

    public static SessionHistory Empty() => new(null, []);

    /// <summary>
    /// Reads the newest turns, at most twice <paramref name="recentTurns"/>, whatever the length of the log. Messages
    /// without an answer (waiting, running) are left out.
    /// </summary>
    public static async Task<SessionHistory> LoadAsync(
        ISessionLog log, SessionKey key, int recentTurns, CancellationToken cancellationToken)
    {
        var summary = await log.FindSummaryAsync(key, cancellationToken);
        var rows = await log.ReadMessagesAsync(
            key, long.MaxValue, descending: true, limit: recentTurns * 4, cancellationToken);
        var turns = new List<HistoryTurn>();
        var questions = new Dictionary<string, List<MessageState>>();
        // Newest first: an answer comes before its questions, so the pairs are completed on the way back.
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            var row = rows[i];
            if (row.Kind is SessionEventKind.Message)
            {
                if (!questions.TryGetValue(row.TurnId, out var asked)) questions[row.TurnId] = asked = [];
                asked.Add(EventCodec.Message(row));
            }
            else if (row.SeqTo > (summary?.UntilSeq ?? 0))
            {
                questions.Remove(row.TurnId, out var asked);
                turns.Add(new HistoryTurn(row.TurnId, row.SeqTo, asked ?? [], EventCodec.Done(row)));
            }
        }

        if (turns.Count > recentTurns * 2) turns.RemoveRange(0, turns.Count - (recentTurns * 2));
        return new SessionHistory(summary, turns);
    }

    public void Add(HistoryTurn turn) => _turns.Add(turn);

    /// <summary>A summary now stands for every turn up to its seq.</summary>
    public void Compact(SessionSummaryState summary)
    {
        Summary = summary;
        _turns.RemoveAll(turn => turn.LastSeq <= summary.UntilSeq);
    }
}
