using System.Text;
using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Tests.Fences;

/// <summary>The same rules written once more over whole lines and patterns, with tabs left out: what the splitter is compared with.</summary>
internal static partial class LineByLineSplitter
{
    public static IReadOnlyList<FencePiece> Split(string document)
    {
        var recorder = new PieceRecorder();
        var items = new Stack<int>();
        var text = new StringBuilder();
        var lines = Line().Matches(document).Where(line => line.Length > 0).ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var content = lines[i].Groups["content"].Value;
            var opening = Opening(content, items, out var marker);
            if (opening is null)
            {
                text.Append(lines[i].Value);
                continue;
            }

            text.Append(marker);
            AddText(recorder, text);
            var item = items.Count == 0 ? 0 : items.Peek();
            var indent = marker.Length + opening.Groups["indent"].Length;
            var fence = opening.Groups["fence"].Value;
            var info = opening.Groups["info"].Value.Trim();
            var language = info.Length == 0 ? null : info.Split(' ')[0];
            var closing = new Regex($"^ {{0,{item + 3}}}{Regex.Escape(fence)}{Regex.Escape(fence[..1])}* *$");
            var code = new StringBuilder();
            var lineBreak = "";
            for (i++; i < lines.Length; i++)
            {
                var line = lines[i].Groups["content"].Value;
                if (closing.IsMatch(line))
                {
                    text.Append(lines[i].Groups["break"].Value);
                    lineBreak = "";
                    break;
                }

                var spaces = line.Length - line.TrimStart(' ').Length;
                code.Append(lineBreak).Append(line[Math.Min(spaces, indent)..]);
                lineBreak = lines[i].Groups["break"].Value;
            }

            code.Append(lineBreak);
            if (code.Length > 0)
            {
                recorder.Code(code.ToString(), language);
            }
        }

        AddText(recorder, text);
        return recorder.Joined();
    }

    private static Match? Opening(string line, Stack<int> items, out string marker)
    {
        var at = 0;
        while (true)
        {
            marker = line[..at];
            var rest = line[at..];
            var spaces = rest.Length - rest.TrimStart(' ').Length;
            if (at == 0 && spaces == rest.Length)
            {
                return null;
            }

            while (items.TryPeek(out var top) && at == 0 && top > spaces)
            {
                items.Pop();
            }

            var item = items.Count == 0 || at > 0 ? 0 : items.Peek();
            if (Fence().Match(rest[Math.Min(item, spaces)..]) is { Success: true } fence && (at == 0 || spaces == 0))
            {
                marker = line[..at];
                if (item > 0)
                {
                    marker = "";
                    return Fence(item).Match(rest);
                }

                return fence;
            }

            var found = Item().Match(rest);
            if (!found.Success || spaces > item + 3 || (at > 0 && spaces > 0))
            {
                return null;
            }

            var padding = found.Groups["padding"].Length;
            var blank = found.Length == rest.Length;
            items.Push(at + (blank || padding > 4 ? found.Length - padding + 1 : found.Length));
            if (blank || padding > 4)
            {
                return null;
            }

            at += found.Length;
        }
    }

    private static Regex Fence(int item) => new($"^(?<indent> {{0,{item + 3}}})(?<fence>`{{3,}}|~{{3,}})(?<info>.*)$", RegexOptions.Singleline);

    private static void AddText(PieceRecorder recorder, StringBuilder text)
    {
        if (text.Length > 0)
        {
            recorder.Text(text.ToString());
            text.Clear();
        }
    }

    [GeneratedRegex("(?<content>[^\r\n]*)(?<break>\r\n|\r|\n|$)")]
    private static partial Regex Line();

    [GeneratedRegex("^(?<indent> {0,3})((?<fence>`{3,})(?<info>[^`]*)|(?<fence>~{3,})(?<info>.*))$", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^ *([-+*]|[0-9]{1,9}[.)])(?<padding> +|$)")]
    private static partial Regex Item();
}
