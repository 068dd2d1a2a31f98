namespace OpenClaw.Grains.Memory.Search;

/// <summary>How nearly a word is another: one that it begins or ends, or the same with a slip of the hand.</summary>
internal static class WordLikeness
{
    /// <summary>Letters that a beginning has at least.</summary>
    public const int LeastPrefix = 3;

    private const int LeastSuffix = 4;
    private const int LeastForTwoSlips = 8;

    /// <summary>0 (another word) to 1 (the same).</summary>
    public static double Of(string asked, string held)
    {
        if (asked == held) return 1;
        if (asked.Length >= LeastPrefix && held.StartsWith(asked, StringComparison.Ordinal)) return 0.6 + (0.3 * asked.Length / held.Length);
        if (asked.Length >= LeastSuffix && held.EndsWith(asked, StringComparison.Ordinal)) return 0.45 + (0.3 * asked.Length / held.Length);
        // The query's word may be the longer one: preferred, prefer.
        if (held.Length >= LeastSuffix && asked.StartsWith(held, StringComparison.Ordinal) && held.Length * 2 >= asked.Length)
            return 0.4 + (0.3 * held.Length / asked.Length);
        if (asked.Length < TextTokenizer.LeastLongWord - 1 || asked.Any(char.IsDigit)) return 0;
        var most = asked.Length >= LeastForTwoSlips ? 2 : 1;
        if (Math.Abs(asked.Length - held.Length) > most) return 0;
        var slips = Distance(asked, held, most);
        return slips > most ? 0 : slips == 1 ? 0.75 : 0.6;
    }

    /// <summary>
    /// Letters to add, drop, change or swap with their neighbour (optimal string alignment); any number above
    /// <paramref name="most"/> for more than that.
    /// </summary>
    private static int Distance(string left, string right, int most)
    {
        var width = right.Length + 1;
        Span<int> rows = stackalloc int[3 * (TextTokenizer.MaxTermLength + 1)];
        var before = rows[..width];
        var last = rows.Slice(TextTokenizer.MaxTermLength + 1, width);
        var current = rows.Slice(2 * (TextTokenizer.MaxTermLength + 1), width);
        for (var column = 0; column < width; column++) last[column] = column;
        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            var least = row;
            for (var column = 1; column < width; column++)
            {
                var same = left[row - 1] == right[column - 1];
                var distance = Math.Min(Math.Min(last[column] + 1, current[column - 1] + 1), last[column - 1] + (same ? 0 : 1));
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                    distance = Math.Min(distance, before[column - 2] + 1);
                current[column] = distance;
                least = Math.Min(least, distance);
            }

            if (least > most) return least;
            var next = before;
            before = last;
            last = current;
            current = next;
        }

        return last[width - 1];
    }
}
