using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// What a turn has done so far: the messages it answers, the steps that were completed, what they used and did. Kept in
/// memory while the turn runs and read back from its checkpoints after a crash.
/// </summary>
internal sealed class TurnProgress
{
    private readonly List<TurnPart> _parts = [];
    private readonly List<ActionState> _actions = [];

    /// <summary>Messages, steps and answers, in the order in which the model is to see them.</summary>
    public IReadOnlyList<TurnPart> Parts => _parts;

    public IReadOnlyList<ActionState> Actions => _actions;

    /// <summary>What the turn's calls used.</summary>
    public TokenUsage Usage { get; private set; } = TokenUsage.Zero;

    /// <summary>The part of it that is not in the tenant's usage yet.</summary>
    public UnwrittenUsage Unwritten { get; } = new();

    /// <summary>Seq of the last checkpoint: a recovery restarts right after it.</summary>
    public long CheckpointSeq { get; private set; }

    /// <summary>Model calls that were completed.</summary>
    public int Steps { get; private set; }

    /// <summary>All that was said in completed steps, as one Markdown text.</summary>
    public string Said { get; private set; } = "";

    public IEnumerable<MessageState> Messages => _parts.OfType<QuestionPart>().Select(part => part.Message);

    /// <summary>Steps that called tools, results filled in.</summary>
    public IReadOnlyList<StepState> ToolSteps =>
    [
        .. _parts.OfType<StepPart>().Where(part => part.Step.Calls.Count > 0).Select(part => part.Step with
        {
            Calls = [.. part.Step.Calls.Select(call => call with { Result = part.ResultOf(call.CallId)?.Content })],
        }),
    ];

    /// <summary>The last step while tools it called have no result yet, or null.</summary>
    public StepPart? OpenStep => _parts is [.., StepPart { IsOpen: true } last] ? last : null;

    public void AddQuestion(MessageState message, long seq)
    {
        if (CheckpointSeq == 0) CheckpointSeq = seq;
        // A message that came while tools ran is shown to the model after their results.
        _parts.Add(new QuestionPart(message));
    }

    public StepPart AddStep(StepState step)
    {
        var part = new StepPart(step);
        _parts.Add(part);
        Steps = step.Number;
        Said += step.Text;
        return part;
    }

    public void AddUsage(TokenUsage usage, decimal cost)
    {
        Usage += usage;
        Unwritten.Add(usage, cost);
    }

    public void AddActions(IEnumerable<ActionState> actions) => _actions.AddRange(actions);

    public void Checkpoint(long seq) => CheckpointSeq = seq;

    /// <summary>Reads a turn back from the log; steered messages that no step has taken up are left to the mailbox.</summary>
    public static async Task<TurnProgress> ReadAsync(
        ISessionLog log, SessionKey key, TurnState turn, CancellationToken cancellationToken)
    {
        var progress = new TurnProgress();
        if (turn.Used is { } used) progress.Usage = new TokenUsage(used.InputTokens, used.OutputTokens, used.Estimated);
        var late = new List<(MessageState Message, long Seq)>();
        var after = turn.FirstSeq - 1;
        while (await log.ReadAsync(key, after, 200, cancellationToken) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                after = row.SeqTo;
                if (row.TurnId == turn.TurnId) progress.Replay(row, turn, late);
            }
        }

        progress.TakeLate(late);
        return progress;
    }

    private void Replay(SessionEventState row, TurnState turn, List<(MessageState, long)> late)
    {
        switch (row.Kind)
        {
            case SessionEventKind.Message when turn.Steered.Contains(row.SeqFrom):
                break;
            case SessionEventKind.Message when OpenStep is not null:
                late.Add((EventCodec.Message(row), row.SeqFrom));
                break;
            case SessionEventKind.Message:
                AddQuestion(EventCodec.Message(row), row.SeqFrom);
                break;
            case SessionEventKind.Approval:
                ReplayStep(EventCodec.Approval(row).Step, turn, late);
                Checkpoint(row.SeqTo);
                break;
            case SessionEventKind.ToolIntent:
                var intent = EventCodec.ToolIntent(row);
                ReplayStep(intent.Step, turn, late);
                OpenStep?.Intend(intent.CallId);
                Checkpoint(row.SeqTo);
                break;
            case SessionEventKind.ToolResult:
                var result = EventCodec.ToolResult(row);
                OpenStep?.Complete(result);
                AddActions(result.Actions ?? []);
                Checkpoint(row.SeqTo);
                break;
        }
    }

    private void ReplayStep(StepState? step, TurnState turn, List<(MessageState, long)> late)
    {
        if (step is null) return;
        TakeLate(late);
        AddStep(step).IsWritten = true;
        // The version before wrote usage down at the turn's end alone.
        if (turn.Used is null) AddUsage(UsageOf(step), cost: 0);
    }

    public static TokenUsage UsageOf(StepState step) => new(step.InputTokens, step.OutputTokens, step.Estimated);

    private void TakeLate(List<(MessageState Message, long Seq)> late)
    {
        foreach (var (message, seq) in late) AddQuestion(message, seq);
        late.Clear();
    }
}

/// <summary>A piece of a turn.</summary>
internal abstract record TurnPart;

/// <summary>A user's message.</summary>
internal sealed record QuestionPart(MessageState Message) : TurnPart
{
    /// <summary>What its attachments hold; null while they were not read.</summary>
    public IReadOnlyList<AIContent>? Attached { get; set; }

    /// <summary>What is remembered that may have to do with it, empty for nothing; null while that was not looked for.</summary>
    public string? Memories { get; set; }
}

/// <summary>A completed model call: its text and the tools it called (none: an answer that was followed by a steered message).</summary>
internal sealed record StepPart(StepState Step) : TurnPart
{
    private readonly HashSet<string> _intents = [];
    private readonly Dictionary<string, ToolResultState> _results = [];

    /// <summary>It is in the log: from there on the turn can be left between two calls.</summary>
    public bool IsWritten { get; set; }

    public bool IsOpen => _results.Count < Step.Calls.Count;

    /// <summary>The tool was, or may have been, started.</summary>
    public bool IsIntended(string callId) => _intents.Contains(callId);

    public ToolResultState? ResultOf(string callId) => _results.GetValueOrDefault(callId);

    public void Intend(string callId) => _intents.Add(callId);

    public void Complete(ToolResultState result) => _results[result.CallId] = result;
}
