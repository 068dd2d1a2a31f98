using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Asked by a system message to summarise: the beginnings of what was said, shortened from the middle.</summary>
internal sealed partial class SummaryRule : IOfflineRule
{
    private const int MaxLines = 12;
    private const int MaxLineCharacters = 160;

    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        if (!question.Messages.Any(message => message.Role == ChatRole.System && Instruction().IsMatch(message.Text))) return null;
        var said = question.Messages
            .Where(message => (message.Role == ChatRole.User || message.Role == ChatRole.Assistant) && message.Text.Length > 0)
            .ToList();
        // The last message asks for the summary itself.
        if (said.Count > 1 && said[^1].Role == ChatRole.User) said.RemoveAt(said.Count - 1);
        if (said.Count > MaxLines) said.RemoveRange(MaxLines / 2, said.Count - MaxLines);
        var text = new StringBuilder();
        foreach (var message in said)
        {
            var line = Space().Replace(message.Text, " ").Trim();
            var shown = line.Length <= MaxLineCharacters ? line : $"{WholeCharacters.Of(line, MaxLineCharacters)}…";
            text.Append("- ").Append(message.Role == ChatRole.User ? "User: " : "Assistant: ").Append(shown).Append('\n');
        }

        return new OfflineReply(text.Length > 0 ? text.ToString().TrimEnd() : "- (nothing was said)");
    }

    [GeneratedRegex(@"\A\s*(?:please\s+)?summari[sz]e\b|\A\s*请?(?:总结|概括|摘要)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();
}
