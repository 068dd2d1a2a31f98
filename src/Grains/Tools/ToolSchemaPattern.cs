using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Tools;

/// <summary>The expressions of schemas, none of which can backtrack.</summary>
internal static class ToolSchemaPattern
{
    /// <summary>Of an expression, in UTF-16 units.</summary>
    public const int MaxLength = 1000;

    private const int MaxKnown = 1000;

    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    /// <summary>The expression, or why it cannot be used.</summary>
    public static (Regex? Expression, string? Reason) Of(string pattern)
    {
        if (Known.TryGetValue(pattern, out var known)) return (known, null);
        if (pattern.Length > MaxLength) return (null, $"must not be longer than {MaxLength} characters");
        try
        {
            var made = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (Known.Count >= MaxKnown) Known.Clear();
            return (Known[pattern] = made, null);
        }
        catch (NotSupportedException)
        {
            return (null, "must not look around, refer back or use atomic groups");
        }
        catch (ArgumentException)
        {
            return (null, "is not a regular expression");
        }
    }
}
