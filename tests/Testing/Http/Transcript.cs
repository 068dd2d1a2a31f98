using System.Text;

namespace OpenClaw.Testing.Http;

/// <summary>What a turn said, put together from its frames as a client does it.</summary>
public static class Transcript
{
    /// <summary>
    /// The text and code of one turn's frames, in order. What follows a <c>recovering</c> status replaces what came
    /// since its <c>restartFrom</c>.
    /// </summary>
    public static string Of(IEnumerable<StreamFrame> turn)
    {
        var kept = new List<StreamFrame>();
        foreach (var frame in turn)
        {
            if (frame.IsStatus("recovering"))
            {
                var restartFrom = frame.Json.GetProperty("restartFrom").GetInt64();
                kept.RemoveAll(earlier => earlier.Seq >= restartFrom);
            }
            else if (frame.Type is "text" or "code")
            {
                kept.Add(frame);
            }
        }

        return string.Concat(kept.Select(frame => frame.Text("content")));
    }

    /// <summary>
    /// A message's content or a transcript without fence lines and white space: what the two have in common whatever
    /// newlines stand around a fence.
    /// </summary>
    public static string Bare(string text)
    {
        var bare = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                continue;
            foreach (var character in line)
            {
                if (!char.IsWhiteSpace(character))
                    bare.Append(character);
            }
        }

        return bare.ToString();
    }
}
