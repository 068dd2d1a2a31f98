using System.Globalization;

namespace OpenClaw.Benchmarks.FastModel;

/// <summary>How a model answers.</summary>
/// <param name="Tokens">Chunks of text in an answer.</param>
/// <param name="FirstDelayMs">Milliseconds before the first chunk.</param>
/// <param name="TokenDelayMs">Milliseconds between chunks; 0 sends them all at once.</param>
/// <param name="Stamped">Whether a chunk's text is the clock's reading at its sending, as in <c>@123456789;</c>.</param>
/// <param name="FlushEach">With no delay between chunks: whether each is flushed on its own.</param>
internal sealed record ModelProfile(int Tokens, int FirstDelayMs, int TokenDelayMs, bool Stamped, bool FlushEach)
{
    /// <summary>
    /// Reads what a model's name says about it, and takes the rest from <paramref name="defaults"/>:
    /// <c>fast[-t&lt;tokens&gt;][-f&lt;ms&gt;][-d&lt;ms&gt;][-stamp][-each|-single]</c>. Parts that say nothing are passed over.
    /// </summary>
    public static ModelProfile Parse(string name, ModelProfile defaults)
    {
        var profile = defaults;
        foreach (var part in name.Split('-').Skip(1))
        {
            profile = part switch
            {
                "stamp" => profile with { Stamped = true },
                "each" => profile with { FlushEach = true },
                "single" => profile with { FlushEach = false },
                ['t', .. var number] when TryNumber(number, out var value) => profile with { Tokens = value },
                ['f', .. var number] when TryNumber(number, out var value) => profile with { FirstDelayMs = value },
                ['d', .. var number] when TryNumber(number, out var value) => profile with { TokenDelayMs = value },
                _ => profile,
            };
        }

        return profile;
    }

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 100_000;
}
