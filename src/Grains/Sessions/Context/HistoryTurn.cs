using OpenClaw.Grains.Sessions.State;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>A finished turn as later prompts show it: what was asked, which tools were called, what was answered.</summary>
internal sealed class HistoryTurn
{
    /// <summary>A tool's answer of an older turn is shown up to this many characters.</summary>
    public const int MaxToolResultCharacters = 2048;

    public HistoryTurn(string turnId, long lastSeq, IReadOnlyList<MessageState> questions, DoneState done)
    {
        TurnId = turnId;
        LastSeq = lastSeq;
        Questions = questions;
        Done = done;
        Tokens = CountTokens();
        Bytes = CountBytes();
    }

    public string TurnId { get; }

    /// <summary>Seq of its end.</summary>
    public long LastSeq { get; }

    public IReadOnlyList<MessageState> Questions { get; }

    public DoneState Done { get; }

    /// <summary>Estimated tokens of all of it.</summary>
    public int Tokens { get; }

    /// <summary>Approximate bytes in memory.</summary>
    public int Bytes { get; }

    private int CountBytes()
    {
        var characters = Done.Content.Length;
        foreach (var question in Questions) characters += question.Content.Length;
        foreach (var step in Done.Steps ?? [])
        {
            foreach (var call in step.Calls) characters += call.Arguments.Length + (call.Result?.Length ?? 0);
        }

        return 512 + (2 * characters);
    }

    private int CountTokens()
    {
        var tokens = TokenEstimator.Estimate(Done.Content) + TokenEstimator.PerMessage;
        foreach (var question in Questions) tokens += TokenEstimator.Estimate(question.Content) + TokenEstimator.PerMessage;
        foreach (var step in Done.Steps ?? [])
        {
            foreach (var call in step.Calls)
            {
                tokens += TokenEstimator.Estimate(call.Arguments) + (2 * TokenEstimator.PerMessage)
                    + Math.Min(TokenEstimator.Estimate(call.Result), MaxToolResultCharacters);
            }
        }

        return tokens;
    }
}
