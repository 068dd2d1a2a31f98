namespace OpenClaw.WebFrontend.Tenants;

/// <summary>What somebody has shown to be let in, as long as it is to be believed: the digest of a key or of a sign-in's cookie.</summary>
internal readonly record struct Credential(CredentialKind Kind, KeyDigest Digest)
{
    public static Credential OfKey(string key) => new(CredentialKind.ApiKey, KeyDigest.Of(key));
}

internal enum CredentialKind
{
    ApiKey,
    Login,
}
