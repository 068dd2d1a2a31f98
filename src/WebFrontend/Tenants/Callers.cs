using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>Finds the caller behind a credential. A sign-in is worth what its key is worth, and nothing once it has ended.</summary>
internal sealed class Callers(IGrainFactory grains, ApiKeyAuthenticator keys)
{
    /// <summary>The caller, or null when the credential opens nothing, or no longer.</summary>
    public ValueTask<Caller?> FindAsync(Credential credential) =>
        credential.Kind == CredentialKind.ApiKey ? keys.AuthenticateAsync(credential.Digest) : new(FindLoginAsync(credential.Digest));

    private async Task<Caller?> FindLoginAsync(KeyDigest cookie) =>
        await grains.GetLogin(new LoginKey(cookie.ToHex())).Find(CancellationToken.None) is { } keyHash
            ? await keys.AuthenticateAsync(KeyDigest.Parse(keyHash))
            : null;
}
