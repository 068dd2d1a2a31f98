using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Testing.Webhooks;

/// <summary>One attempt of a delivery as the receiver saw it.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Headers">By names in lower case.</param>
/// <param name="Body">The very bytes.</param>
/// <param name="ReceivedAt">When it had been read.</param>
public sealed record ReceivedWebhook(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset ReceivedAt)
{
    private const string KeyPrefix = "whsec_";

    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The body's <c>type</c>.</summary>
    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>The body's <c>id</c>, the event's.</summary>
    public string Id => Json.GetProperty("id").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>
    /// True when the signature is the one of this secret over id, timestamp and these bytes, by the Standard Webhooks
    /// (https://www.standardwebhooks.com): the key of a <c>whsec_</c> secret is what it is the base64 of, of another its UTF-8.
    /// </summary>
    public bool IsSignedWith(string secret)
    {
        var key = secret.StartsWith(KeyPrefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[KeyPrefix.Length..])
            : Encoding.UTF8.GetBytes(secret);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Headers["webhook-id"]}.{Headers["webhook-timestamp"]}."), .. Body];
        return Headers["webhook-signature"] == "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }

    public override string ToString() => $"{Method} {Path} {Encoding.UTF8.GetString(Body)}";
}
