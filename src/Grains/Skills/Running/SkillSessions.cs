namespace OpenClaw.Grains.Skills.Running;

/// <summary>Conversations that are executions of skills, told by their ids.</summary>
internal static class SkillSessions
{
    private const string Prefix = "skill-";
    private const string TurnPrefix = Prefix + "turn-";

    /// <summary>The conversation of an execution.</summary>
    public static string IdFor(SkillExecution execution) => (execution.SessionId is null ? Prefix : TurnPrefix) + execution.RunId;

    /// <summary>Whether it is an execution, which executes no further prompts: they could go on for ever.</summary>
    public static bool IsExecution(string sessionId) => sessionId.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a turn waits for it, whose place it takes: waiting for one of its own, both could wait for ever.</summary>
    public static bool IsPartOfTurn(string sessionId) => sessionId.StartsWith(TurnPrefix, StringComparison.Ordinal);
}
