using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>Keys are any text of 1 to 256 characters, and reach the server in a path or a query.</summary>
public abstract class KeyTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : KeyTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : KeyTests(servers.OnPostgres);

    [Theory]
    [InlineData("user-preference")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("100%")]
    [InlineData("%zz")]
    [InlineData("a/b/c")]
    [InlineData("/")]
    [InlineData("//a/")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("a\\b")]
    [InlineData("?q=1&x#y")]
    [InlineData("\"quoted\" 'key'")]
    [InlineData("会议/记录")]
    [InlineData("ключ")]
    [InlineData("😀👩‍👩‍👧")]
    [InlineData("https://example.com/a?b=c%20d")]
    public async Task Any_key_is_read_and_deleted_by_its_path_and_its_query(string key)
    {
        using var tenant = await NewTenantAsync();

        Assert.Equal(key, (await StoreAsync(tenant.Client, new { key, value = 1 })).Text("key"));
        var byPath = await tenant.Client.GetAsync(PathOf(key), Cancellation);
        var byQuery = await tenant.Client.GetAsync(AddressOf(key), Cancellation);
        var listed = Assert.Single(await ListAsync(tenant.Client));
        var deletedByPath = await tenant.Client.DeleteAsync(PathOf(key), Cancellation);
        await StoreAsync(tenant.Client, new { key, value = 2 });
        var deletedByQuery = await TryDeleteAsync(tenant.Client, key);

        Assert.Equal((200, key), (byPath.Status, byPath.Text("key")));
        Assert.Equal((200, byPath.Body), (byQuery.Status, byQuery.Body));
        Assert.Equal(byPath.Body, listed.GetRawText());
        Assert.Equal((200, key), (deletedByPath.Status, deletedByPath.Text("key")));
        Assert.Equal((200, key), (deletedByQuery.Status, deletedByQuery.Text("key")));
        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task A_key_with_a_slash_is_read_by_its_encoded_path()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a/b", value = "a slash" });
        await StoreAsync(tenant.Client, new { key = "a%2Fb", value = "a percent sign" });

        var slash = await tenant.Client.GetAsync("/api/memory/a%2Fb", Cancellation);
        var lowercase = await tenant.Client.GetAsync("/api/memory/a%2fb", Cancellation);
        var percent = await tenant.Client.GetAsync("/api/memory/a%252Fb", Cancellation);
        var slashByQuery = await tenant.Client.GetAsync("/api/memory?key=a%2Fb", Cancellation);
        var percentByQuery = await tenant.Client.GetAsync("/api/memory?key=a%252Fb", Cancellation);

        Assert.Equal(("a/b", "a slash"), (slash.Text("key"), slash.Text("value")));
        Assert.Equal(("a/b", "a slash"), (lowercase.Text("key"), lowercase.Text("value")));
        Assert.Equal(("a%2Fb", "a percent sign"), (percent.Text("key"), percent.Text("value")));
        Assert.Equal(slash.Body, slashByQuery.Body);
        Assert.Equal(percent.Body, percentByQuery.Body);
        SessionCalls.Require(await tenant.Client.DeleteAsync("/api/memory/a%252Fb", Cancellation), 200);
        Assert.Equal(["a/b"], await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData("search")]
    [InlineData("export")]
    [InlineData("import")]
    [InlineData("undo")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_key_that_no_path_can_hold_is_read_and_deleted_by_its_query(string key)
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key, value = "kept" });

        var entry = await tenant.Client.GetAsync($"/api/memory?key={key}", Cancellation);
        var deleted = await tenant.Client.DeleteAsync($"/api/memory?key={key}", Cancellation);
        var gone = await tenant.Client.GetAsync($"/api/memory?key={key}", Cancellation);

        Assert.Equal((200, key, "kept"), (entry.Status, entry.Text("key"), entry.Text("value")));
        Assert.Equal(200, deleted.Status);
        Assert.Equal($$"""{"key":"{{key}}","status":"deleted"}""", deleted.Body);
        ErrorAssert.IsNotFound(gone);
    }

    [Fact]
    public async Task Keys_are_told_apart_by_every_character()
    {
        using var tenant = await NewTenantAsync();
        string[] keys = ["key", "Key", "KEY", "key ", " key", "k\u00e9y", "ke\u0301y", "ｋｅｙ"];
        foreach (var key in keys) await StoreAsync(tenant.Client, new { key, value = key });

        foreach (var key in keys) Assert.Equal(key, (await EntryAsync(tenant.Client, key)).GetProperty("value").GetString());
        Assert.Equal(keys.Length, (await KeysAsync(tenant.Client)).Count);
    }

    [Fact]
    public async Task An_unknown_key_is_not_found()
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsNotFound(await tenant.Client.GetAsync("/api/memory/nobody", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync("/api/memory?key=nobody", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.DeleteAsync("/api/memory/nobody", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.DeleteAsync("/api/memory?key=nobody", Cancellation));
    }

    [Theory]
    [InlineData("""{"value":1}""")]
    [InlineData("""{"key":null,"value":1}""")]
    [InlineData("""{"key":"","value":1}""")]
    [InlineData("""{"key":5,"value":1}""")]
    [InlineData("""{"key":["a"],"value":1}""")]
    [InlineData("""{"key":"a\u0000b","value":1}""")]
    [InlineData("""{"key":"\ud800","value":1}""")]
    [InlineData("""{"key":"a\udc00b","value":1}""")]
    public async Task A_key_that_is_none_is_refused(string body)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, body), "key");
        ErrorAssert.IsInvalid(await TryUndoAsync(tenant.Client, body), "key");

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData(257)]
    [InlineData(10_000)]
    public async Task A_key_over_256_characters_is_refused(int length)
    {
        using var tenant = await NewTenantAsync();
        var key = new string('k', length);

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, new { key, value = 1 }), "key");
        ErrorAssert.IsInvalid(await TryUndoAsync(tenant.Client, new { key }), "key");
        // A longer one is more than a request's first line may have.
        if (length > 257) return;
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync(PathOf(key), Cancellation), "key");
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync(AddressOf(key), Cancellation), "key");
        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync(PathOf(key), Cancellation), "key");
        ErrorAssert.IsInvalid(await TryDeleteAsync(tenant.Client, key), "key");
    }

    [Theory]
    [InlineData('k')]
    [InlineData('字')]
    public async Task A_key_of_256_characters_is_read_by_its_path(char character)
    {
        using var tenant = await NewTenantAsync();
        var key = new string(character, 256);
        await StoreAsync(tenant.Client, new { key, value = 1 });

        Assert.Equal(key, SessionCalls.Require(await tenant.Client.GetAsync(PathOf(key), Cancellation), 200).Text("key"));
    }

    [Fact]
    public async Task A_query_without_a_key_deletes_nothing()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = 1 });

        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync("/api/memory", Cancellation), "key");
        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync("/api/memory?key=", Cancellation), "key");
        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync("/api/memory?key=a%00", Cancellation), "key");

        Assert.Equal(["a"], await KeysAsync(tenant.Client));
    }
}
