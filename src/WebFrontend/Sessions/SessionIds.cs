using System.Security.Cryptography;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>
/// Ids of sessions: <c>sess-</c>, the microsecond of their creation in 10 characters of base 36, and 16 more, 82 bits from
/// the system's generator. So sessions of the same millisecond are listed in the order in which they were asked for.
/// </summary>
internal static class SessionIds
{
    private const string Prefix = "sess-";
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int TimeLength = 10;
    private const int RandomLength = 16;
    private const int MaxLength = 64;

    public static string Create(DateTimeOffset now)
    {
        Span<char> time = stackalloc char[TimeLength];
        var microseconds = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        for (var i = TimeLength - 1; i >= 0; i--)
        {
            time[i] = Alphabet[(int)(microseconds % Alphabet.Length)];
            microseconds /= Alphabet.Length;
        }

        return string.Concat(Prefix, time, RandomNumberGenerator.GetString(Alphabet, RandomLength));
    }

    /// <summary>Whether a path's id can name a session at all: 1 to 64 of <c>A-Za-z0-9-</c>.</summary>
    public static bool IsPossible(string? id)
    {
        if (id is not { Length: > 0 and <= MaxLength })
            return false;
        foreach (var character in id)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                return false;
        }

        return true;
    }
}
