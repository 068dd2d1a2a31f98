using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Tools;

/// <summary>The expressions of schemas, none of which can backtrack.</summary>
internal static class ToolSchemaPattern
{
    /// <summary>Of an expression, in UTF-16 units.</summary>
    public const int MaxLength = 1000;

    private const int MaxKnown = 1000;

    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    /// <summary>Of one match. The work grows with the text's length times the expression's, and both can be large.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The expression, or why it cannot be used.</summary>
    public static (Regex? Expression, string? Reason) Of(string pattern)
    {
        if (Known.TryGetValue(pattern, out var known)) return (known, null);
        if (pattern.Length > MaxLength) return (null, $"must not be longer than {MaxLength} characters");
        try
        {
            var made = new Regex(EndingAtTheEnd(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Timeout);
            if (Known.Count >= MaxKnown) Known.Clear();
            return (Known[pattern] = made, null);
        }
        catch (NotSupportedException)
        {
            return (null, "must not look around, refer back, use atomic groups or repeat so much");
        }
        catch (ArgumentException)
        {
            return (null, "is not a regular expression");
        }
    }

    /// <summary>In JSON Schema <c>$</c> is the end of the text alone; in .NET it is before a last line break too, which would let that in.</summary>
    private static string EndingAtTheEnd(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        var isInClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            var c = pattern[at];
            if (c == '$' && !isInClass)
            {
                text.Append(@"\z");
                continue;
            }

            text.Append(c);
            if (c == '\\')
            {
                if (at + 1 < pattern.Length) text.Append(pattern[++at]);
            }
            else if (c == '[' && !isInClass)
            {
                isInClass = true;
                // A bracket that closes at the very beginning of a class is one of its characters.
                if (at + 1 < pattern.Length && pattern[at + 1] == '^') text.Append(pattern[++at]);
                if (at + 1 < pattern.Length && pattern[at + 1] == ']') text.Append(pattern[++at]);
            }
            else if (c == ']')
            {
                isInClass = false;
            }
        }

        return text.ToString();
    }
}
