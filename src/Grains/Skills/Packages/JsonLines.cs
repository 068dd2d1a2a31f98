using System.Text.Json;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>Where in a JSON text each value stands: path such as <c>actions[0].name</c>, line from 1.</summary>
internal sealed class JsonLines
{
    private const int MaxPath = 1000;

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <param name="utf8">Valid JSON.</param>
    public JsonLines(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        var (line, counted) = (1, 0);
        var path = new Stack<(string Path, int Index)>();
        var current = "";
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            line += utf8[counted..start].Count((byte)'\n');
            counted = start;
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                path.Pop();
                continue;
            }

            if (reader.TokenType is JsonTokenType.PropertyName)
            {
                var parent = path.Peek().Path;
                var name = NameOf(ref reader);
                current = parent.Length == 0 ? name : Shorten($"{parent}.{name}", parent);
                if (!_lines.TryAdd(current, line) && Twice is null && current.Length > parent.Length) Twice = (current, line);
                continue;
            }

            if (path.TryPeek(out var array) && array.Index >= 0)
            {
                path.Pop();
                current = Shorten($"{array.Path}[{array.Index}]", array.Path);
                path.Push((array.Path, array.Index + 1));
                _lines.TryAdd(current, line);
            }

            if (reader.TokenType is JsonTokenType.StartObject) path.Push((current, -1));
            if (reader.TokenType is JsonTokenType.StartArray) path.Push((current, 0));
        }
    }

    /// <summary>The first name that is there before, in a text that has one, and its line; null when there is none.</summary>
    public (string Path, int Line)? Twice { get; }

    /// <summary>The line of a value, or of the nearest around it.</summary>
    public int Of(string path)
    {
        while (path.Length > 0)
        {
            if (_lines.TryGetValue(path, out var line)) return line;
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return 1;
    }

    /// <summary>Where a path would become too long, what lies deeper counts to the nearest that is not.</summary>
    private static string Shorten(string path, string parent) => path.Length <= MaxPath ? path : parent;

    /// <summary>Half of a surrogate pair is valid JSON and no text.</summary>
    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }
}
