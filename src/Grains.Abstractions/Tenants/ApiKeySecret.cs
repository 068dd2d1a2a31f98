using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>The secret part of an API key: shown once, stored as a hash only.</summary>
public static class ApiKeySecret
{
    /// <summary>Longer ones are none of ours.</summary>
    public const int MaxLength = 512;

    private const string Prefix = "oc_";
    private const int RandomBytes = 32;
    private const int GeneratedLength = 46;

    /// <summary>A new key: <c>oc_</c> and 43 base64url characters of 32 random bytes.</summary>
    public static string Generate() => string.Concat(Prefix, RandomText());

    /// <summary>What nobody guesses: 43 base64url characters of 32 random bytes.</summary>
    public static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>True for a text of the form that <see cref="Generate"/> gives.</summary>
    public static bool IsGenerated(string text) => text.Length == GeneratedLength
        && text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Prefix.Length));

    /// <summary>True for a text that a client can send as a key: 1 to <see cref="MaxLength"/> visible ASCII characters.</summary>
    public static bool IsSendable(string text) => text.Length is > 0 and <= MaxLength && text.All(c => c is > ' ' and < '\x7f');

    /// <summary>What is stored of a key: the lower-case hexadecimal SHA-256 of its UTF-8 bytes.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
