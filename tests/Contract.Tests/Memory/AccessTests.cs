using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>Who sees and changes what: namespaces, tenants, scopes.</summary>
public abstract class AccessTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : AccessTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : AccessTests(servers.OnPostgres);

    [Fact]
    public async Task Namespaces_know_nothing_of_each_other()
    {
        using var tenant = await NewTenantAsync();
        var one = await StoreAsync(tenant.Client, new { key = "place", value = "lighthouse", @namespace = "one" });
        var two = await StoreAsync(tenant.Client, new { key = "place", value = "windmill", @namespace = "two" });

        Assert.Equal(("one", "two"), (one.Text("namespace"), two.Text("namespace")));
        Assert.Equal((1L, 1L), (VersionOf(one), VersionOf(two)));
        Assert.Equal("\"lighthouse\"", await ValueAsync(tenant.Client, "place", "one"));
        Assert.Equal("windmill", (await tenant.Client.GetAsync("/api/memory/place?namespace=two", Cancellation)).Text("value"));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync("/api/memory/place", Cancellation));
        Assert.Empty(await KeysAsync(tenant.Client));
        Assert.Equal(["place"], await KeysAsync(tenant.Client, more: "&namespace=one"));
        Assert.Empty(await FoundAsync(tenant.Client, "lighthouse"));
        Assert.Empty(await FoundAsync(tenant.Client, "lighthouse", "&namespace=two"));
        Assert.Equal(["place"], await FoundAsync(tenant.Client, "lighthouse", "&namespace=one"));
    }

    [Fact]
    public async Task A_change_in_one_namespace_leaves_the_others()
    {
        using var tenant = await NewTenantAsync();
        foreach (var @namespace in new[] { "one", "two", "default" })
            await StoreAsync(tenant.Client, new { key = "a", value = @namespace, @namespace });

        SessionCalls.Require(await tenant.Client.DeleteAsync("/api/memory/a?namespace=one", Cancellation), 200);
        SessionCalls.Require(await TryUndoAsync(tenant.Client, new { key = "a", @namespace = "two" }), 200);

        Assert.Empty(await KeysAsync(tenant.Client, more: "&namespace=one"));
        Assert.Empty(await KeysAsync(tenant.Client, more: "&namespace=two"));
        Assert.Equal("\"default\"", await ValueAsync(tenant.Client, "a"));
    }

    [Fact]
    public async Task A_namespace_has_64_letters_digits_dots_underscores_and_hyphens_at_most()
    {
        using var tenant = await NewTenantAsync();
        foreach (var @namespace in new[] { new string('n', 64), "A.b_c-9", ".", "-" })
        {
            await StoreAsync(tenant.Client, new { key = "a", value = @namespace, @namespace });
            Assert.Equal(@namespace, (await EntryAsync(tenant.Client, "a", @namespace)).GetProperty("value").GetString());
        }
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("名")]
    [InlineData("a\n")]
    [InlineData("'; --")]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")]
    public async Task A_namespace_of_other_characters_is_refused_on_every_route(string @namespace)
    {
        using var tenant = await NewTenantAsync();
        var query = $"namespace={Uri.EscapeDataString(@namespace)}";

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, new { key = "a", value = 1, @namespace }), "namespace");
        ErrorAssert.IsInvalid(await TryUndoAsync(tenant.Client, new { key = "a", @namespace }), "namespace");
        ErrorAssert.IsInvalid(await TryImportAsync(tenant.Client, "{\"key\":\"a\",\"value\":1}\n", Uri.EscapeDataString(@namespace)), "namespace");
        foreach (var path in new[] { "/api/memory?", "/api/memory?key=a&", "/api/memory/a?", "/api/memory/search?q=a&", "/api/memory/export?" })
            ErrorAssert.IsInvalid(await tenant.Client.GetAsync(path + query, Cancellation), "namespace");
        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync($"/api/memory/a?{query}", Cancellation), "namespace");
        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync($"/api/memory?key=a&{query}", Cancellation), "namespace");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[\"a\"]")]
    [InlineData("{}")]
    public async Task A_namespace_that_is_no_text_is_refused(string @namespace)
    {
        using var tenant = await NewTenantAsync();
        var body = $$"""{"key":"a","value":1,"namespace":{{@namespace}} }""";

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, body), "namespace");
        ErrorAssert.IsInvalid(await TryUndoAsync(tenant.Client, body), "namespace");
    }

    [Fact]
    public async Task A_tenant_sees_nothing_of_anothers_memory()
    {
        using var owner = await NewTenantAsync();
        using var stranger = await NewTenantAsync();
        await StoreAsync(owner.Client, new { key = "secret", value = "lighthouse", metadata = new { category = "private" } });

        ErrorAssert.IsNotFound(await stranger.Client.GetAsync("/api/memory/secret", Cancellation));
        ErrorAssert.IsNotFound(await stranger.Client.GetAsync("/api/memory?key=secret", Cancellation));
        ErrorAssert.IsNotFound(await TryDeleteAsync(stranger.Client, "secret"));
        ErrorAssert.IsNotFound(await TryUndoAsync(stranger.Client, new { key = "secret" }));
        Assert.Empty(await FoundAsync(stranger.Client, "secret"));
        Assert.Empty(await FoundAsync(stranger.Client, "lighthouse"));
        Assert.Empty(await KeysAsync(stranger.Client));
        Assert.Empty(await KeysAsync(stranger.Client, more: "&category=private"));
        Assert.Equal("", (await ExportAsync(stranger.Client)).Body);

        Assert.Equal(1, VersionOf(await StoreAsync(stranger.Client, new { key = "secret", value = "another's", ifVersion = 0 })));
        Assert.Equal("\"lighthouse\"", await ValueAsync(owner.Client, "secret"));
    }

    [Fact]
    public async Task Reading_needs_the_scope_read_and_changing_the_scope_write()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = 1 });
        using var reader = tenant.ClientWith((await tenant.CreateKeyAsync(["read"], Cancellation)).Key);
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["write"], Cancellation)).Key);
        using var runner = tenant.ClientWith((await tenant.CreateKeyAsync(["execute"], Cancellation)).Key);
        string[] reads = ["/api/memory", "/api/memory?key=a", "/api/memory/a", "/api/memory/search?q=a", "/api/memory/export"];

        foreach (var path in reads)
        {
            Assert.Equal(200, (await reader.GetAsync(path, Cancellation)).Status);
            ErrorAssert.IsForbidden(await writer.GetAsync(path, Cancellation));
            ErrorAssert.IsForbidden(await runner.GetAsync(path, Cancellation));
        }

        foreach (var other in new[] { reader, runner })
        {
            ErrorAssert.IsForbidden(await TryStoreAsync(other, new { key = "a", value = 2 }));
            ErrorAssert.IsForbidden(await TryUndoAsync(other, new { key = "a" }));
            ErrorAssert.IsForbidden(await TryImportAsync(other, "{\"key\":\"a\",\"value\":2}\n"));
            ErrorAssert.IsForbidden(await TryDeleteAsync(other, "a"));
            ErrorAssert.IsForbidden(await other.DeleteAsync("/api/memory/a", Cancellation));
        }

        Assert.Equal("1", await ValueAsync(tenant.Client, "a"));
        await StoreAsync(writer, new { key = "a", value = 2 });
        await UndoAsync(writer, "a");
        await ImportAsync(writer, "{\"key\":\"b\",\"value\":2}\n");
        await DeleteAsync(writer, "a");
        Assert.Equal(["b"], await KeysAsync(reader));
    }

    [Fact]
    public async Task Without_a_key_there_is_no_memory()
    {
        using var nobody = (await Servers.Quick).CreateClient(null);

        ErrorAssert.IsUnauthorized(await TryStoreAsync(nobody, new { key = "a", value = 1 }));
        ErrorAssert.IsUnauthorized(await TryUndoAsync(nobody, new { key = "a" }));
        ErrorAssert.IsUnauthorized(await TryImportAsync(nobody, "{\"key\":\"a\",\"value\":1}\n"));
        ErrorAssert.IsUnauthorized(await TryDeleteAsync(nobody, "a"));
        foreach (var path in new[] { "/api/memory", "/api/memory/a", "/api/memory/search?q=a", "/api/memory/export" })
            ErrorAssert.IsUnauthorized(await nobody.GetAsync(path, Cancellation));
    }
}
