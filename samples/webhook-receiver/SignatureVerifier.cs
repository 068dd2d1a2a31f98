using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Samples.WebhookReceiver;

/// <summary>Checks what Standard Webhooks (https://www.standardwebhooks.com) has receivers check.</summary>
/// <param name="secret">The webhook's: <c>whsec_</c> and base64, or any other text.</param>
/// <param name="time">The receiver's clock.</param>
internal sealed class SignatureVerifier(string secret, TimeProvider time)
{
    /// <summary>How far the clocks may be apart; what is older is somebody's recording.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Prefix = "whsec_";
    private const string Version = "v1,";

    private readonly byte[] _key = secret.StartsWith(Prefix, StringComparison.Ordinal)
        ? Convert.FromBase64String(secret[Prefix.Length..])
        : Encoding.UTF8.GetBytes(secret);

    /// <summary>What is wrong with a delivery, or null.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signatures">The header <c>webhook-signature</c>: one or more, with spaces between them.</param>
    /// <param name="body">As it came.</param>
    public string? Objection(string id, string timestamp, string signatures, ReadOnlySpan<byte> body)
    {
        if (id.Length == 0) return "webhook-id is missing";
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return "webhook-timestamp is no number of seconds";
        if (Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds) return "webhook-timestamp is too far from now";

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        var expected = hmac.GetHashAndReset();
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!signature.StartsWith(Version, StringComparison.Ordinal)) continue;
            var given = new byte[expected.Length];
            // In constant time: how long it takes tells nothing of how much is right.
            if (Convert.TryFromBase64String(signature[Version.Length..], given, out var length)
                && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), expected)) return null;
        }

        return "no signature is right";
    }
}
