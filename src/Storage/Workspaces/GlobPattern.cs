using System.IO.Enumeration;

namespace OpenClaw.Storage.Workspaces;

/// <summary>
/// A glob over paths: in a name <c>*</c> stands for any characters and <c>?</c> for one, upper and lower case differ; a name of
/// <c>**</c> stands for any number of directories, none included. Without a slash it matches names at any depth.
/// </summary>
/// <remarks>
/// Matched name by name on the way down, as a set of places in the pattern: a tree of any shape costs each name once, and
/// a directory below which nothing can match is not entered.
/// </remarks>
public sealed class GlobPattern
{
    /// <summary>Names in a pattern: as many as a set of places has bits, less the end.</summary>
    public const int MaxNames = 63;

    private const string AnyDirectories = "**";

    private readonly string[] _names;

    private GlobPattern(string[] names) => _names = names;

    /// <summary>The places at which matching begins.</summary>
    internal ulong Start => Spread(1);

    private ulong End => 1UL << _names.Length;

    /// <returns>Null when the pattern is empty, has an empty name or more than <see cref="MaxNames"/>.</returns>
    public static GlobPattern? TryParse(string text)
    {
        var pattern = text.StartsWith('/') ? text[1..] : text;
        string[] names = text.Contains('/', StringComparison.Ordinal) ? pattern.Split('/') : [AnyDirectories, pattern];
        return names.Length <= MaxNames && names.All(name => name.Length > 0) ? new GlobPattern(names) : null;
    }

    /// <summary>Whether a path, relative to where the search begins, matches.</summary>
    public bool IsMatch(string path) => IsEnd(path.Split('/').Aggregate(Start, Step));

    /// <summary>The places that are reached by going on to a name; 0 when nothing below it can match.</summary>
    internal ulong Step(ulong places, string name)
    {
        var next = 0UL;
        for (var i = 0; i < _names.Length; i++)
        {
            if ((places & (1UL << i)) == 0) continue;
            if (_names[i] == AnyDirectories) next |= 1UL << i;
            else if (FileSystemName.MatchesSimpleExpression(_names[i], name, ignoreCase: false)) next |= 1UL << (i + 1);
        }

        return Spread(next);
    }

    internal bool IsEnd(ulong places) => (places & End) != 0;

    /// <summary>A <c>**</c> may stand for nothing, so that its place includes the one behind it.</summary>
    private ulong Spread(ulong places)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if ((places & (1UL << i)) != 0 && _names[i] == AnyDirectories) places |= 1UL << (i + 1);
        }

        return places;
    }
}
