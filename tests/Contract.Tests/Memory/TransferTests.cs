using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>A namespace goes out as JSON Lines and comes in again, whole or not at all.</summary>
public abstract class TransferTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : TransferTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : TransferTests(servers.OnPostgres);

    [Fact]
    public async Task An_export_has_every_entry_on_a_line_as_the_entry_itself_says()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "b", value = "line\nbreak", metadata = new { category = "text" } });
        await StoreAsync(tenant.Client, new { key = "a/b", value = new { theme = "dark" }, ttlSeconds = 3600 });
        await StoreAsync(tenant.Client, new { key = "茶", value = "我喜欢喝乌龙茶" });

        var exported = await ExportAsync(tenant.Client);

        Assert.Equal("application/x-ndjson", exported.ContentType);
        var entries = new StringBuilder();
        foreach (var key in new[] { "a/b", "b", "茶" })
            entries.Append((await tenant.Client.GetAsync(AddressOf(key), Cancellation)).Body).Append('\n');
        Assert.Equal(entries.ToString(), exported.Body);
    }

    [Fact]
    public async Task An_export_of_a_category_has_its_entries_only()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = 1, metadata = new { category = "one" } });
        await StoreAsync(tenant.Client, new { key = "b", value = 2, metadata = new { category = "two" } });
        await StoreAsync(tenant.Client, new { key = "c", value = 3 });

        Assert.Equal(["b"], LinesOf(await ExportAsync(tenant.Client, "?category=two")).Select(KeyOf));
        Assert.Equal("", (await ExportAsync(tenant.Client, "?category=three")).Body);
    }

    [Fact]
    public async Task What_was_exported_is_imported_into_another_namespace_as_it_was()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, """{"key":"user-preference","value":{"theme":"dark","language":"zh-CN"},"metadata":{"category":"preferences"}}""");
        await StoreAsync(tenant.Client, """{"key":"会议/记录 %2F","value":[1,null,true,"行\n\u2028",{"deep":{"er":[]}}],"ttlSeconds":3600}""");
        await StoreAsync(tenant.Client, """{"key":"search","value":null,"metadata":{"tags":["a","b"],"sure":0.5}}""");
        var exported = await ExportAsync(tenant.Client);

        var imported = await ImportAsync(tenant.Client, exported.Body, "copy");

        Assert.Equal("""{"stored":3,"skipped":0}""", imported.Body);
        var originals = LinesOf(exported);
        var copies = LinesOf(await ExportAsync(tenant.Client, "?namespace=copy"));
        foreach (var member in new[] { "key", "value", "metadata", "expiresAt" })
            Assert.Equal(originals.Select(line => line.GetProperty(member).GetRawText()), copies.Select(line => line.GetProperty(member).GetRawText()));
        Assert.Equal(["user-preference"], await FoundAsync(tenant.Client, "dark", "&namespace=copy"));
        Assert.Equal(["user-preference"], await KeysAsync(tenant.Client, more: "&namespace=copy&category=preferences"));
    }

    [Fact]
    public async Task An_import_replaces_entries_and_leaves_the_others()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = "old", metadata = new { category = "old" } });
        var kept = await StoreAsync(tenant.Client, new { key = "b", value = "kept" });

        await ImportAsync(tenant.Client, """
            {"key":"a","value":"first"}
            {"key":"c","value":"new","version":77,"source":{"type":"session"},"colour":"red"}
            {"key":"a","value":"last"}

            """);

        Assert.Equal(["a", "b", "c"], await KeysAsync(tenant.Client));
        Assert.Equal("\"last\"", await ValueAsync(tenant.Client, "a"));
        Assert.Equal("{}", (await EntryAsync(tenant.Client, "a")).GetProperty("metadata").GetRawText());
        Assert.Equal(VersionOf(kept), (await EntryAsync(tenant.Client, "b")).GetProperty("version").GetInt64());
        Assert.Equal("api", (await EntryAsync(tenant.Client, "c")).GetProperty("source").GetProperty("type").GetString());
        Assert.Equal(["a"], await FoundAsync(tenant.Client, "last"));
    }

    [Fact]
    public async Task What_an_import_replaced_is_put_back_by_an_undo()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = "old" });
        await ImportAsync(tenant.Client, """{"key":"a","value":"new"}""" + "\n");

        await UndoAsync(tenant.Client, "a");

        Assert.Equal("\"old\"", await ValueAsync(tenant.Client, "a"));
    }

    [Fact]
    public async Task An_import_skips_what_has_expired_and_keeps_when_the_rest_will()
    {
        using var tenant = await NewTenantAsync();

        var imported = await ImportAsync(tenant.Client, """
            {"key":"past","value":1,"expiresAt":"2020-01-01T00:00:00Z"}
            {"key":"future","value":1,"expiresAt":"2099-12-31T00:00:00.000Z"}
            {"key":"hour","value":1,"ttlSeconds":3600}
            {"key":"never","value":1,"expiresAt":null}

            """);

        Assert.Equal("""{"stored":3,"skipped":1}""", imported.Body);
        Assert.Equal(["future", "hour", "never"], await KeysAsync(tenant.Client));
        Assert.Equal("2099-12-31T00:00:00.000Z", (await EntryAsync(tenant.Client, "future")).GetProperty("expiresAt").GetString());
        Assert.Matches(TimePattern, (await EntryAsync(tenant.Client, "hour")).GetProperty("expiresAt").GetString());
        Assert.Equal("null", (await EntryAsync(tenant.Client, "never")).GetProperty("expiresAt").GetRawText());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("\"b\"")]
    [InlineData("""{"key":"b"}""")]
    [InlineData("""{"value":1}""")]
    [InlineData("""{"key":"","value":1}""")]
    [InlineData("""{"key":5,"value":1}""")]
    [InlineData("""{"key":"b\u0000","value":1}""")]
    [InlineData("""{"key":"\ud800","value":1}""")]
    [InlineData("""{"key":"b","value":["\udc00"]}""")]
    [InlineData("""{"key":"b","value":1,"metadata":"text"}""")]
    [InlineData("""{"key":"b","value":1,"metadata":{"category":5}}""")]
    [InlineData("""{"key":"b","value":1,"ttlSeconds":0}""")]
    [InlineData("""{"key":"b","value":1,"expiresAt":"soon"}""")]
    public async Task Nothing_is_stored_when_a_line_is_wrong(string line)
    {
        using var tenant = await NewTenantAsync();
        string[] lines = ["""{"key":"a","value":1}""", line, """{"key":"c","value":3}""", ""];

        var refused = await TryImportAsync(tenant.Client, string.Join('\n', lines));

        ErrorAssert.IsInvalid(refused);
        Assert.StartsWith("lines[1]", refused.Text("error", "details", "field"), StringComparison.Ordinal);
        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task A_line_too_large_is_wrong_too()
    {
        using var tenant = await NewTenantAsync();
        var key = $$"""{"key":"{{new string('k', 257)}}","value":1}""";
        var value = $$"""{"key":"a","value":"{{new string('x', 256 * 1024)}}"}""";

        foreach (var line in new[] { key, value })
        {
            var refused = await TryImportAsync(tenant.Client, line + "\n");
            ErrorAssert.IsInvalid(refused);
            Assert.StartsWith("lines[0]", refused.Text("error", "details", "field"), StringComparison.Ordinal);
        }

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task An_import_of_more_than_10_000_entries_is_refused_whole()
    {
        using var tenant = await NewTenantAsync();
        var lines = Enumerable.Range(0, 10_001).Select(i => $$"""{"key":"{{i}}","value":1}""" + "\n");

        var refused = await TryImportAsync(tenant.Client, string.Concat(lines));

        Assert.True(refused.Status is 400 or 413, refused.ToString());
        ErrorAssert.IsError(refused, refused.Status, "INVALID_REQUEST");
        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task An_import_over_10_MiB_is_413()
    {
        using var tenant = await NewTenantAsync();
        var value = new string('x', 200 * 1024);
        var lines = Enumerable.Range(0, 55).Select(i => $$"""{"key":"{{i}}","value":"{{value}}"}""" + "\n");

        var refused = await TryImportAsync(tenant.Client, string.Concat(lines));

        ErrorAssert.IsError(refused, 413, "INVALID_REQUEST");
        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task An_import_that_is_not_declared_as_JSON_Lines_is_415(string? mediaType)
    {
        using var tenant = await NewTenantAsync();
        using var content = new ByteArrayContent("{\"key\":\"a\",\"value\":1}\n"u8.ToArray());
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);

        ErrorAssert.IsError(await tenant.Client.SendAsync(HttpMethod.Post, "/api/memory/import", content, Cancellation), 415, "INVALID_REQUEST");

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task An_import_under_an_idempotency_key_is_done_once()
    {
        using var tenant = await NewTenantAsync();

        var first = await SendAsync();
        await DeleteAsync(tenant.Client, "a");
        var again = await SendAsync();

        Assert.Equal("""{"stored":1,"skipped":0}""", SessionCalls.Require(first, 200).Body);
        Assert.Equal((200, "true", first.Body), (again.Status, again.Header("Idempotent-Replayed"), again.Body));
        Assert.Empty(await KeysAsync(tenant.Client));

        async Task<ApiResponse> SendAsync()
        {
            using var content = new StringContent("{\"key\":\"a\",\"value\":1}\n", Encoding.UTF8, "application/x-ndjson");
            return await tenant.Client.SendAsync(HttpMethod.Post, "/api/memory/import", content, Cancellation, IdempotencyKey("i1"));
        }
    }

    private static List<JsonElement> LinesOf(ApiResponse exported) =>
        [.. exported.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
}
