using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Grains.Webhooks;

/// <summary>The signature of a delivery, by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com).</summary>
internal static class WebhookSignature
{
    private const string Version = "v1,";

    /// <summary><c>v1,</c> and the base64 of the HMAC-SHA256 of <c>id.timestamp.body</c>.</summary>
    /// <param name="key">See <see cref="Abstractions.Webhooks.WebhookSecret.KeyOf"/>.</param>
    /// <param name="id">The event's.</param>
    /// <param name="timestamp">Of the attempt, in seconds since 1970.</param>
    /// <param name="body">As it is sent.</param>
    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return Version + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
