using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>What somebody has shown to be let in, as long as it is to be believed: the digest of a key or of a sign-in's cookie.</summary>
internal readonly record struct Credential(CredentialKind Kind, KeyDigest Digest)
{
    public static Credential OfKey(string key) => new(CredentialKind.ApiKey, KeyDigest.Of(key));

    /// <summary>The same for a text that may be anything; null when it cannot be a key.</summary>
    public static Credential? TryOfKey(string text) => text.Length is 0 or > ApiKeySecret.MaxLength ? null : OfKey(text);
}

internal enum CredentialKind
{
    ApiKey,
    Login,
}
