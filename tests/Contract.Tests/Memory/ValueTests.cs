using System.Net.Http.Headers;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>Values are any JSON up to 256 KiB. What is no JSON, too large or of a wrong type is refused with its path.</summary>
public abstract class ValueTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ValueTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ValueTests(servers.OnPostgres);

    private const int Kibibyte = 1 << 10;

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("-1.5")]
    [InlineData("12345678901234567890.25")]
    [InlineData("1e400")]
    [InlineData("\"\"")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""[1,"two",null,[3,{"four":[]}]]""")]
    [InlineData("""{"theme":"dark","nested":{"a":{"b":{"c":[true]}}},"":0}""")]
    [InlineData("""{"名字":"李雷","emoji":"😀👩‍👩‍👧","right":"مرحبا"}""")]
    [InlineData("""["quote \" backslash \\ slash / tab \t line\r\n","</script><!--","'; DROP TABLE memory; --"]""")]
    [InlineData("""{"nul":"a\u0000b","separators":"\u2028\u2029\ufeff"}""")]
    public async Task Any_value_comes_back_as_it_was_stored(string value)
    {
        using var tenant = await NewTenantAsync();

        await StoreAsync(tenant.Client, $$"""{"key":"a","value":{{value}},"metadata":{"copy":{{value}} } }""");

        var entry = await EntryAsync(tenant.Client, "a");
        AreSame(value, entry.GetProperty("value"));
        AreSame(value, entry.GetProperty("metadata").GetProperty("copy"));
        AreSame(value, Assert.Single(await ListAsync(tenant.Client)).GetProperty("value"));
    }

    [Fact]
    public async Task Chinese_is_readable_in_every_answer()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, """{"key":"\u8336","value":"\u6211\u559c\u6b22\u559d\u4e4c\u9f99\u8336"}""");

        foreach (var path in new[] { PathOf("茶"), AddressOf("茶"), "/api/memory", "/api/memory/export", $"/api/memory/search?q={Uri.EscapeDataString("乌龙茶")}" })
            Assert.Contains("""{"key":"茶","value":"我喜欢喝乌龙茶",""", (await tenant.Client.GetAsync(path, Cancellation)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_may_be_nested_but_not_without_end()
    {
        using var tenant = await NewTenantAsync();

        await StoreAsync(tenant.Client, $$"""{"key":"deep","value":{{Nested(32)}} }""");
        var refused = await TryStoreAsync(tenant.Client, $$"""{"key":"deeper","value":{{Nested(5000)}} }""");

        AreSame(Nested(32), (await EntryAsync(tenant.Client, "deep")).GetProperty("value"));
        ErrorAssert.IsInvalid(refused);
        Assert.Equal(["deep"], await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task A_value_of_256_KiB_is_kept_whole()
    {
        using var tenant = await NewTenantAsync();
        // With its two quotes it is exactly as long.
        var value = new string('x', (256 * Kibibyte) - 2);

        await StoreAsync(tenant.Client, new { key = "large", value });

        Assert.True((await EntryAsync(tenant.Client, "large")).GetProperty("value").GetString() == value, "The value came back changed.");
    }

    [Theory]
    [InlineData('x', 256 * Kibibyte)]
    [InlineData('字', 88 * Kibibyte)]
    public async Task A_value_over_256_KiB_is_refused(char character, int length)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, new { key = "large", value = new string(character, length + 1) }), "value");
        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, new { key = "large", value = new[] { new { text = new string(character, length + 1) } } }), "value");

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task Metadata_over_16_KiB_are_refused()
    {
        using var tenant = await NewTenantAsync();

        await StoreAsync(tenant.Client, new { key = "a", value = 1, metadata = new { note = new string('x', 15 * Kibibyte) } });
        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, new { key = "b", value = 1, metadata = new { note = new string('x', 16 * Kibibyte) } }), "metadata");

        Assert.Equal(["a"], await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task A_category_has_256_characters_at_most()
    {
        using var tenant = await NewTenantAsync();

        await StoreAsync(tenant.Client, new { key = "a", value = 1, metadata = new { category = new string('类', 256) } });
        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, new { key = "b", value = 1, metadata = new { category = new string('类', 257) } }), "metadata.category");

        Assert.Equal(["a"], await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData("""{"key":"a"}""", "value")]
    [InlineData("""{"key":"a","value":"\ud800"}""", "value")]
    [InlineData("""{"key":"a","value":{"x":["fine","a\udc00b"]}}""", "value.x[1]")]
    [InlineData("""{"key":"a","value":[{"\udfff":1}]}""", "value[0]")]
    [InlineData("""{"key":"a","value":1,"metadata":"text"}""", "metadata")]
    [InlineData("""{"key":"a","value":1,"metadata":["text"]}""", "metadata")]
    [InlineData("""{"key":"a","value":1,"metadata":5}""", "metadata")]
    [InlineData("""{"key":"a","value":1,"metadata":{"category":5}}""", "metadata.category")]
    [InlineData("""{"key":"a","value":1,"metadata":{"category":{"name":"work"}}}""", "metadata.category")]
    [InlineData("""{"key":"a","value":1,"metadata":{"category":"\ud800"}}""", "metadata.category")]
    [InlineData("""{"key":"a","value":1,"metadata":{"people":[{"name":"\udc00\ud800"}]}}""", "metadata.people[0].name")]
    [InlineData("""{"key":"a","value":1,"metadata":{"\ud83d":1}}""", "metadata")]
    public async Task An_entry_of_wrong_types_names_the_field(string body, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, body), field);

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"key\"")]
    [InlineData("{\"key\":\"a\",\"value\":}")]
    [InlineData("{\"key\":\"a\",\"value\":NaN}")]
    [InlineData("{\"key\":\"a\",\"value\":1} trailing")]
    public async Task A_body_that_is_no_JSON_object_is_invalid(string body)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, body));
        ErrorAssert.IsInvalid(await TryUndoAsync(tenant.Client, body));
    }

    [Theory]
    [InlineData("/api/memory", "text/plain")]
    [InlineData("/api/memory", "application/x-ndjson")]
    [InlineData("/api/memory", null)]
    [InlineData("/api/memory/undo", "application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_declared_as_JSON_is_415(string path, string? mediaType)
    {
        using var tenant = await NewTenantAsync();
        using var content = new ByteArrayContent("{\"key\":\"a\",\"value\":1}"u8.ToArray());
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);

        ErrorAssert.IsError(await tenant.Client.SendAsync(HttpMethod.Post, path, content, Cancellation), 415, "INVALID_REQUEST");

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task A_body_over_10_MiB_is_413()
    {
        using var tenant = await NewTenantAsync();

        var refused = await TryStoreAsync(tenant.Client, new { key = "a", value = new string('x', 11 * Kibibyte * Kibibyte) });

        ErrorAssert.IsError(refused, 413, "INVALID_REQUEST");
        Assert.Empty(await KeysAsync(tenant.Client));
    }

    private static string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
}
