using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Calls the tools that the message wishes for, one a step, and then says what they answered.</summary>
internal sealed class ToolRule : IOfflineRule
{
    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        var plan = OfflinePlan.Of(question);
        var made = question.MadeCalls();
        if (made.Count < plan.Calls.Count)
        {
            var next = plan.Calls[made.Count];
            return new OfflineReply("", question.Call(next.Tool, next.Arguments));
        }

        return made.Count == 0 ? null : new OfflineReply(string.Join("\n\n", made.Select(call => Tell(question, call.Tool, call.Result))));
    }

    private static string Tell(OfflineQuestion question, string tool, string answered)
    {
        // The marks are for models; whoever asked reads the text.
        var result = UntrustedText.Show(answered);
        foreach (var intent in ToolIntents.All)
        {
            if (intent.Tool == tool) return intent.Tell(question, result);
        }

        return question.Say($"`{tool}` answered:\n\n{result}", $"`{tool}` 的结果：\n\n{result}");
    }
}
