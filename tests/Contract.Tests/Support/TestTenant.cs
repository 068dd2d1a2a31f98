using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>A tenant of a test's own, so that no other test's messages count against its limits.</summary>
public sealed class TestTenant : IDisposable
{
    private static readonly string[] AllScopes = ["read", "write", "execute"];

    private TestTenant(ServerProcess server, ApiClient admin, string tenantId, string key)
    {
        Server = server;
        Admin = admin;
        TenantId = tenantId;
        Key = key;
        Client = server.CreateClient(key);
    }

    public ServerProcess Server { get; }

    public string TenantId { get; }

    /// <summary>A key with every scope but <c>admin</c>.</summary>
    public string Key { get; }

    /// <summary>A client with <see cref="Key"/>.</summary>
    public ApiClient Client { get; }

    /// <summary>A client with the installation's admin key.</summary>
    public ApiClient Admin { get; }

    public static async Task<TestTenant> CreateAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var admin = server.CreateAdminClient();
        var tenantId = "t-" + Guid.NewGuid().ToString("N")[..20];
        var created = await admin.PostAsync("/api/admin/tenants", new { name = "Test", tenantId }, cancellationToken);
        SessionCalls.Require(created, 201);
        var (_, key) = await CreateKeyAsync(admin, tenantId, AllScopes, null, cancellationToken);
        return new TestTenant(server, admin, tenantId, key);
    }

    /// <summary>A further key of this tenant.</summary>
    public Task<(string KeyId, string Key)> CreateKeyAsync(
        string[] scopes, CancellationToken cancellationToken, DateTimeOffset? expiresAt = null) =>
        CreateKeyAsync(Admin, TenantId, scopes, expiresAt, cancellationToken);

    /// <summary>A client of the same server with another key, or with none.</summary>
    public ApiClient ClientWith(string? key) => Server.CreateClient(key);

    /// <summary>Changes how many messages a minute the tenant may send.</summary>
    public async Task LimitMessagesAsync(int messagesPerMinute, CancellationToken cancellationToken)
    {
        var limits = new
        {
            messagesPerMinute,
            skillsPerMinute = 50,
            filesPerMinute = 200,
            storageBytes = 1L << 30,
            concurrentTurns = 1000,
            concurrentCommands = 4,
            monthlyTokens = (long?)null,
            monthlyCost = (decimal?)null,
        };
        SessionCalls.Require(await Admin.PutAsync($"/api/admin/tenants/{TenantId}/limits", limits, cancellationToken), 200);
    }

    /// <summary>Changes what the tenant may use in a month; null is no limit.</summary>
    public async Task LimitUsageAsync(CancellationToken cancellationToken, long? monthlyTokens = null, decimal? monthlyCost = null) =>
        SessionCalls.Require(
            await Admin.PutAsync($"/api/admin/tenants/{TenantId}/limits", new { monthlyTokens, monthlyCost }, cancellationToken), 200);

    public void Dispose()
    {
        Client.Dispose();
        Admin.Dispose();
    }

    private static async Task<(string KeyId, string Key)> CreateKeyAsync(
        ApiClient admin, string tenantId, string[] scopes, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        object body = expiresAt is null ? new { name = "test", scopes } : new { name = "test", scopes, expiresAt };
        var response = await admin.PostAsync($"/api/admin/tenants/{tenantId}/keys", body, cancellationToken);
        Assert.True(response.Status is 200 or 201, response.ToString());
        return (response.Text("keyId")!, response.Text("key")!);
    }
}
