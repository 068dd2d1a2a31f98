using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>
/// Finds the caller behind an API key. What a key's grain answered is believed for
/// <see cref="FrontendOptions.KeyRevalidation"/>; after that the next request asks again and waits for the answer.
/// </summary>
internal sealed class ApiKeyAuthenticator(IGrainFactory grains, TimeProvider time, IOptions<FrontendOptions> options)
{
    private readonly TimeSpan _revalidation = options.Value.KeyRevalidation;
    private readonly GenerationCache<KeyDigest, Validation> _known = new(options.Value.KeyCacheEntries);

    // Apart, so that a stream of made-up keys cannot push out the real ones.
    private readonly GenerationCache<KeyDigest, Validation> _unknown = new(options.Value.KeyCacheEntries);
    private readonly ConcurrentDictionary<KeyDigest, Task<Caller?>> _asking = new();

    /// <summary>The caller, or null when the key is unknown, revoked or expired.</summary>
    public ValueTask<Caller?> AuthenticateAsync(string key) =>
        key.Length is 0 or > ApiKeySecret.MaxLength ? new((Caller?)null) : AuthenticateAsync(KeyDigest.Of(key));

    /// <summary>The same for a key of which only the digest is known.</summary>
    public ValueTask<Caller?> AuthenticateAsync(KeyDigest digest)
    {
        if (_known.TryGet(digest, out var validation) && IsFresh(validation))
            return new(Unexpired(validation.Caller));
        if (_unknown.TryGet(digest, out validation) && IsFresh(validation))
            return new((Caller?)null);
        return new(AskOnceAsync(digest));
    }

    private bool IsFresh(Validation validation) => time.GetElapsedTime(validation.At) < _revalidation;

    private Caller? Unexpired(Caller? caller) =>
        caller?.ExpiresAt is { } expiry && expiry <= time.GetUtcNow() ? null : caller;

    /// <summary>Requests that come while the grain is being asked share its answer.</summary>
    private async Task<Caller?> AskOnceAsync(KeyDigest digest)
    {
        var mine = new TaskCompletionSource<Caller?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = _asking.GetOrAdd(digest, mine.Task);
        if (!ReferenceEquals(shared, mine.Task))
            return await shared;
        try
        {
            var caller = await AskAsync(digest);
            mine.SetResult(caller);
            return caller;
        }
        catch (Exception exception)
        {
            mine.SetException(exception);
            // Observed here, for there may be nobody else who waits.
            _ = mine.Task.Exception;
            throw;
        }
        finally
        {
            _asking.TryRemove(digest, out _);
        }
    }

    private async Task<Caller?> AskAsync(KeyDigest digest)
    {
        var asked = time.GetTimestamp();
        var key = await grains.GetApiKey(new ApiKeyGrainKey(digest.ToHex())).Authenticate(CancellationToken.None);
        if (key is not null && TenantId.TryParse(key.TenantId, out var tenant))
        {
            var caller = new Caller(tenant, key.Scopes, key.KeyId, key.ExpiresAt);
            _known.Set(digest, new Validation(caller, asked));
            return Unexpired(caller);
        }

        _known.Remove(digest);
        _unknown.Set(digest, new Validation(null, asked));
        return null;
    }

    /// <summary>What a key's grain said, and the timestamp before it was asked.</summary>
    private sealed record Validation(Caller? Caller, long At);
}
