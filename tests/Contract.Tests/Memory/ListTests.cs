using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>Lists are in the order of their keys' bytes, page by page.</summary>
public abstract class ListTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ListTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ListTests(servers.OnPostgres);

    [Fact]
    public async Task Pages_of_a_list_are_the_whole_of_it_in_the_order_of_the_keys_bytes()
    {
        using var tenant = await NewTenantAsync();
        // In UTF-16, and in the order of most languages, these stand otherwise. The last two: EF.. before F0.. in UTF-8.
        string[] keys = ["10", "2", "A-b", "Ab", "B", "a", "a/b", "ab", "b", "\u00e9", "中", "文", "Ａ", "😀"];
        foreach (var key in keys.AsEnumerable().Reverse()) await StoreAsync(tenant.Client, new { key, value = key });

        Assert.Equal(keys, await KeysAsync(tenant.Client));
        Assert.Equal(keys, await KeysAsync(tenant.Client, limit: 3));
        Assert.Equal(keys, await KeysAsync(tenant.Client, limit: 1));
    }

    [Fact]
    public async Task A_listed_entry_says_what_the_entry_itself_says()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = new { theme = "dark" }, metadata = new { category = "look" }, ttlSeconds = 3600 });

        var listed = SessionCalls.Require(await tenant.Client.GetAsync("/api/memory", Cancellation), 200);

        var entry = await tenant.Client.GetAsync("/api/memory/a", Cancellation);
        Assert.Equal($$"""{"entries":[{{entry.Body}}],"nextCursor":null}""", listed.Body);
    }

    [Fact]
    public async Task A_page_has_50_entries_unless_it_is_asked_for_others()
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, string.Concat(Enumerable.Range(0, 51).Select(i => $$"""{"key":"{{i:d3}}","value":1}""" + "\n")));

        var page = SessionCalls.Require(await tenant.Client.GetAsync("/api/memory", Cancellation), 200).Json;

        Assert.Equal(50, page.GetProperty("entries").GetArrayLength());
        Assert.False(string.IsNullOrEmpty(page.GetProperty("nextCursor").GetString()));
        Assert.Equal(51, (await KeysAsync(tenant.Client)).Count);
    }

    [Fact]
    public async Task A_category_lists_its_entries_only()
    {
        using var tenant = await NewTenantAsync();
        for (var i = 0; i < 4; i++)
        {
            await StoreAsync(tenant.Client, new { key = $"tea-{i}", value = i, metadata = new { category = "饮食" } });
            await StoreAsync(tenant.Client, new { key = $"work-{i}", value = i, metadata = new { category = "work" } });
            await StoreAsync(tenant.Client, new { key = $"none-{i}", value = new { category = "work" } });
        }

        Assert.Equal(["work-0", "work-1", "work-2", "work-3"], await KeysAsync(tenant.Client, limit: 3, more: "&category=work"));
        Assert.Equal(["tea-0", "tea-1", "tea-2", "tea-3"], await KeysAsync(tenant.Client, limit: 1, more: $"&category={Uri.EscapeDataString("饮食")}"));
        Assert.Empty(await KeysAsync(tenant.Client, more: "&category=Work"));
        Assert.Empty(await KeysAsync(tenant.Client, more: "&category=wor"));
    }

    [Fact]
    public async Task An_entry_changes_its_category_when_it_is_stored_again()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = 1, metadata = new { category = "before" } });

        await StoreAsync(tenant.Client, new { key = "a", value = 1, metadata = new { category = "after" } });

        Assert.Empty(await KeysAsync(tenant.Client, more: "&category=before"));
        Assert.Equal(["a"], await KeysAsync(tenant.Client, more: "&category=after"));
    }

    [Fact]
    public async Task A_list_goes_on_after_the_entry_that_its_page_ended_with_was_deleted()
    {
        using var tenant = await NewTenantAsync();
        foreach (var key in new[] { "a", "b", "c", "d" }) await StoreAsync(tenant.Client, new { key, value = key });
        var first = SessionCalls.Require(await tenant.Client.GetAsync("/api/memory?limit=2", Cancellation), 200);
        await DeleteAsync(tenant.Client, "b");

        var rest = await KeysAsync(tenant.Client, more: $"&cursor={Uri.EscapeDataString(first.Text("nextCursor")!)}");

        Assert.Equal(["c", "d"], rest);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("cursor=not-a-cursor", "cursor")]
    public async Task A_page_that_cannot_be_is_refused(string query, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/memory?{query}", Cancellation), field);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        using var tenant = await NewTenantAsync();
        for (var i = 0; i < 2; i++) await tenant.Client.CreateSessionAsync(Cancellation);
        var sessions = SessionCalls.Require(await tenant.Client.GetAsync("/api/sessions?limit=1", Cancellation), 200);
        var foreign = Uri.EscapeDataString(sessions.Text("nextCursor")!);

        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/memory?cursor={foreign}", Cancellation), "cursor");
    }
}
