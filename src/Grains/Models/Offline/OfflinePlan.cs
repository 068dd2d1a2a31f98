using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>
/// All that a message wishes for, as tool calls in the order of its words. The same message always gets the same plan, so that
/// the number of calls made tells which is the next.
/// </summary>
internal sealed class OfflinePlan
{
    /// <summary>Wishes are looked for in so many characters: the time that takes grows with their square.</summary>
    private const int MaxCharacters = 16_000;

    private readonly List<PlannedCall> _calls = [];

    private OfflinePlan(OfflineQuestion question) => Question = question;

    public OfflineQuestion Question { get; }

    public IReadOnlyList<PlannedCall> Calls => _calls;

    /// <summary>The file that an earlier wish of the message writes: what "it" is to a later one.</summary>
    public string? Written { get; set; }

    public static OfflinePlan Of(OfflineQuestion question)
    {
        var plan = new OfflinePlan(question);
        var text = question.Text.Length <= MaxCharacters ? question.Text : question.Text[..MaxCharacters];
        var wishes =
            from intent in ToolIntents.All
            where question.Offers(intent.Tool)
            from Match wish in intent.Wish.Matches(text)
            orderby wish.Index, wish.Length descending
            select (intent, wish);
        var end = 0;
        foreach (var (intent, wish) in wishes)
        {
            // Words that one wish has taken are no other's.
            if (wish.Index < end) continue;
            var calls = intent.Plan(plan, wish).ToList();
            if (calls.Count == 0) continue;
            end = wish.Index + wish.Length;
            plan._calls.AddRange(calls.Where(call => question.Offers(call.Tool)));
        }

        return plan;
    }
}
