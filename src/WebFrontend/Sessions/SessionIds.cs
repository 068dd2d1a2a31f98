using System.Security.Cryptography;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>Ids of sessions: <c>sess-</c> and 20 characters of base 36, 103 bits from the system's generator.</summary>
internal static class SessionIds
{
    private const string Prefix = "sess-";
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 20;
    private const int MaxLength = 64;

    public static string Create() => string.Concat(Prefix, RandomNumberGenerator.GetString(Alphabet, RandomLength));

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
