using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Tenants;

/// <summary>What the tests of tenants say often.</summary>
internal static class TenantTest
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static ITenantGrain Tenant(this TestSilo silo, TenantId tenant) =>
        silo.Grains.GetGrain<ITenantGrain>(new TenantKey(tenant).ToString());

    public static IRateLimitGrain RateLimit(this TestSilo silo, TenantId tenant, RateLimitClass @class) =>
        silo.Grains.GetGrain<IRateLimitGrain>(new RateLimitKey(tenant, @class).ToString());

    public static ITenantDirectoryGrain Directory(this TestSilo silo, TenantId tenant) =>
        silo.Grains.GetGrain<ITenantDirectoryGrain>(new TenantKey(tenant).ToString());

    public static IApiKeyGrain ApiKey(this TestSilo silo, string secret) =>
        silo.Grains.GetGrain<IApiKeyGrain>(new ApiKeyGrainKey(ApiKeySecret.Hash(secret)).ToString());

    public static ApiKeyInfo KeyInfo(this TestSilo silo, TenantId tenant, DateTimeOffset? expiresAt = null) => new()
    {
        KeyId = $"key-{Guid.NewGuid():n}",
        TenantId = tenant.Value,
        Name = "A key",
        Scopes = Scopes.Read | Scopes.Write,
        CreatedAt = silo.Time.GetUtcNow(),
        ExpiresAt = expiresAt,
    };

    /// <summary>A key that works; its secret is returned.</summary>
    public static async Task<string> CreateKeyAsync(this TestSilo silo, TenantId tenant)
    {
        var secret = ApiKeySecret.Generate();
        await silo.ApiKey(secret).Create(silo.KeyInfo(tenant), Token);
        Assert.NotNull(await silo.ApiKey(secret).Authenticate(Token));
        return secret;
    }

    public static SessionState Session(this TestSilo silo, TenantId tenant, string id) => new()
    {
        Key = new SessionKey(tenant, id),
        Model = "a-model",
        CreatedAt = silo.Time.GetUtcNow(),
        UpdatedAt = silo.Time.GetUtcNow(),
    };

    public static TenantLimits Limits(int messages = 100) => new()
    {
        MessagesPerMinute = messages,
        SkillsPerMinute = 50,
        FilesPerMinute = 200,
        StorageBytes = 1,
        ConcurrentTurns = 1,
        ConcurrentCommands = 1,
    };
}
