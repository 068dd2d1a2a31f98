using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Tests;

public abstract class TenantIndexTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : TenantIndexTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : TenantIndexTests(DatabaseKind.Postgres);

    private static ApiKeyInfo Key(string id, string tenant = "acme", int seconds = 0) => new()
    {
        KeyId = id,
        TenantId = tenant,
        Name = "钥匙\0",
        Scopes = Scopes.Read | Scopes.Write,
        CreatedAt = Now.AddSeconds(seconds),
    };

    [Fact]
    public async Task Pages_of_tenants_show_each_once_oldest_first_and_ties_by_id()
    {
        foreach (var (id, seconds) in new[] { ("new", 1), ("b-1", 0), ("a-2", 0), ("b1", 0), ("old", -1) })
            await Index.AddTenantAsync(new TenantInfo(id, $"租户 {id}", Now.AddSeconds(seconds)), Cancellation);

        var read = new List<TenantInfo>();
        IndexPosition? after = null;
        while (await Index.ListTenantsAsync(after, 2, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
            after = new IndexPosition(page[^1].CreatedAt, page[^1].TenantId);
        }

        Assert.Equal(["old", "a-2", "b-1", "b1", "new"], read.Select(tenant => tenant.TenantId));
        Assert.Equal(new TenantInfo("old", "租户 old", Now.AddSeconds(-1)), read[0]);
    }

    [Fact]
    public async Task Adding_a_tenant_again_replaces_its_row_and_removing_it_is_no_error_twice()
    {
        await Index.AddTenantAsync(new TenantInfo("acme", "before", Now), Cancellation);
        await Index.AddTenantAsync(new TenantInfo("acme", "after", Now), Cancellation);
        Assert.Equal("after", Assert.Single(await Index.ListTenantsAsync(null, 10, Cancellation)).Name);

        await Index.RemoveTenantAsync(Tenant, Cancellation);
        await Index.RemoveTenantAsync(Tenant, Cancellation);

        Assert.Empty(await Index.ListTenantsAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task A_key_is_found_as_it_was_added()
    {
        var key = Key("k1") with { ExpiresAt = Now.AddDays(1) };
        await Index.AddApiKeyAsync(key, "hash-1", Cancellation);
        await Index.AddApiKeyAsync(Key("k2"), "hash-2", Cancellation);

        Assert.Equal(new ApiKeyRow(key, "hash-1"), await Index.FindApiKeyAsync("k1", Cancellation));
        Assert.Equal(new ApiKeyRow(Key("k2"), "hash-2"), await Index.FindApiKeyAsync("k2", Cancellation));
        Assert.Null(await Index.FindApiKeyAsync("K1", Cancellation));

        await Index.RemoveApiKeyAsync("k1", Cancellation);
        Assert.Null(await Index.FindApiKeyAsync("k1", Cancellation));
    }

    [Fact]
    public async Task Pages_of_keys_show_each_of_the_tenant_once()
    {
        foreach (var (id, seconds) in new[] { ("k3", 0), ("k1", 0), ("k2", 0), ("k0", 5) })
            await Index.AddApiKeyAsync(Key(id, seconds: seconds), id, Cancellation);
        await Index.AddApiKeyAsync(Key("other", "other"), "other", Cancellation);

        var read = new List<string>();
        IndexPosition? after = null;
        while (await Index.ListApiKeysAsync(Tenant, after, 3, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(row => row.Key.KeyId));
            after = new IndexPosition(page[^1].Key.CreatedAt, page[^1].Key.KeyId);
        }

        Assert.Equal(["k1", "k2", "k3", "k0"], read);
    }
}
