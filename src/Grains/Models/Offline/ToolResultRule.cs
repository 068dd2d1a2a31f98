using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>After tools have run: says what they answered.</summary>
internal sealed class ToolResultRule : IOfflineRule
{
    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        if (question.Messages.Count == 0 || question.Messages[^1].Role != ChatRole.Tool) return null;
        var names = question.Messages
            .SelectMany(message => message.Contents.OfType<FunctionCallContent>())
            .GroupBy(call => call.CallId)
            .ToDictionary(calls => calls.Key, calls => calls.Last().Name);
        var results = new List<string>();
        for (var i = question.Messages.Count - 1; i >= 0 && question.Messages[i].Role == ChatRole.Tool; i--)
        {
            foreach (var result in question.Messages[i].Contents.OfType<FunctionResultContent>())
                results.Insert(0, Tell(question, names.GetValueOrDefault(result.CallId, "tool"), result.Result?.ToString() ?? ""));
        }

        return new OfflineReply(string.Join("\n\n", results));
    }

    private static string Tell(OfflineQuestion question, string tool, string result)
    {
        foreach (var intent in ToolIntents.All)
        {
            if (intent.Tool == tool) return intent.Tell(question, result);
        }

        return question.Say($"`{tool}` answered:\n\n{result}", $"`{tool}` 的结果：\n\n{result}");
    }
}
