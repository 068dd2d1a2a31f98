namespace OpenClaw.Grains.Sessions.Context;

/// <summary>
/// Estimates tokens without a tokenizer: four ASCII characters or one other character are about one token for the
/// common vocabularies. Errs on the high side for Chinese and Japanese, which is the safe side for a window.
/// </summary>
internal static class TokenEstimator
{
    /// <summary>What a message costs beside its text.</summary>
    public const int PerMessage = 4;

    public static int Estimate(ReadOnlySpan<char> text)
    {
        var ascii = 0;
        foreach (var c in text)
        {
            if (char.IsAscii(c)) ascii++;
        }

        return ((ascii + 3) / 4) + (text.Length - ascii);
    }
}
