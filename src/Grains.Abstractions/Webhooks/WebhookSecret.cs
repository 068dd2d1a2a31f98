using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>
/// What deliveries are signed with, in the two forms that receivers know: <c>whsec_</c> and base64, as Standard Webhooks writes
/// it (https://www.standardwebhooks.com), or any other text, whose UTF-8 bytes are the key.
/// </summary>
public static class WebhookSecret
{
    /// <summary>Of a text without the prefix, in UTF-8.</summary>
    public const int MaxBytes = 512;

    public const string Prefix = "whsec_";

    /// <summary>Bytes of a key behind the prefix, as the specification has them.</summary>
    public const int MinKeyBytes = 24;

    /// <inheritdoc cref="MinKeyBytes"/>
    public const int MaxKeyBytes = 64;

    private const int GeneratedBytes = 32;

    /// <summary>A new secret: <c>whsec_</c> and the base64 of 32 random bytes.</summary>
    public static string Generate() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(GeneratedBytes));

    /// <summary>The key of a secret; null when it begins with the prefix and the rest is no base64 of 24 to 64 bytes.</summary>
    public static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(secret);
        var base64 = secret.AsSpan(Prefix.Length);
        return Base64.IsValid(base64, out var length) && length is >= MinKeyBytes and <= MaxKeyBytes ? Convert.FromBase64String(base64.ToString()) : null;
    }
}
