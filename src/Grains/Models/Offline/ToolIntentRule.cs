namespace OpenClaw.Grains.Models.Offline;

/// <summary>Calls the tool that the message wishes for, if the turn has it.</summary>
internal sealed class ToolIntentRule : IOfflineRule
{
    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        foreach (var intent in ToolIntents.All)
        {
            if (!question.Offers(intent.Tool)) continue;
            var match = intent.Wish.Match(question.Text);
            if (match.Success) return new OfflineReply("", question.Call(intent.Tool, intent.Arguments(question, match)));
        }

        return null;
    }
}
