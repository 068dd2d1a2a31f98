using System.Globalization;
using System.Security.Cryptography;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// Ids of turns, messages and requests for approval. A turn's id names its first message's seq (<c>turn-17-k3v9x2</c>), so that finding a turn
/// in a log of any length begins at its own place.
/// </summary>
internal static class TurnIds
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string TurnPrefix = "turn-";

    public static string NewTurn(long firstSeq) =>
        string.Create(CultureInfo.InvariantCulture, $"{TurnPrefix}{firstSeq}-{RandomNumberGenerator.GetString(Alphabet, 8)}");

    public static string NewMessage() => string.Concat("msg-", RandomNumberGenerator.GetString(Alphabet, 16));

    public static string NewApproval() => string.Concat("apr-", RandomNumberGenerator.GetString(Alphabet, 16));

    /// <summary>The seq of a turn's first message; false when the text is no turn's id.</summary>
    public static bool TryGetFirstSeq(string turnId, out long firstSeq)
    {
        firstSeq = 0;
        if (!turnId.StartsWith(TurnPrefix, StringComparison.Ordinal)) return false;
        var rest = turnId.AsSpan(TurnPrefix.Length);
        var end = rest.IndexOf('-');
        return end > 0 && long.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out firstSeq);
    }
}
