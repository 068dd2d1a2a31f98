using System.Globalization;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>Searches find by key, value and metadata, in English, Chinese and Japanese, best first.</summary>
public abstract class SearchTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SearchTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SearchTests(servers.OnPostgres);

    /// <summary>What a person may have stored. No word of it stands in two entries.</summary>
    private const string Memories = """
        {"key":"user-preference","value":{"theme":"dark","language":"zh-CN"},"metadata":{"category":"preferences"}}
        {"key":"shopping-list","value":["milk","eggs","sourdough bread"],"metadata":{"category":"errands","shop":"Marktplatz"}}
        {"key":"project/alpha/buildServerAddress","value":"https://ci.internal.example/jobs","metadata":{"category":"work"}}
        {"key":"birthday-anna","value":"Anna was born in March 1986","metadata":{"category":"people"}}
        {"key":"wifi","value":{"network":"attic","password":"correct horse battery staple"}}
        {"key":"lucky","value":4711}
        {"key":"茶","value":"我喜欢喝乌龙茶","metadata":{"category":"饮食"}}
        {"key":"旅行","value":"来月は東京タワーへ行きます","metadata":{"場所":"みなと"}}
        {"key":"早会","value":"每天九点开 standup 会议，用Postgres做备份","metadata":{"owner":"李雷"}}

        """;

    [Theory]
    // By key.
    [InlineData("user-preference", "user-preference")]
    [InlineData("user preference", "user-preference")]
    [InlineData("preference", "user-preference")]
    [InlineData("wifi", "wifi")]
    [InlineData("WIFI", "wifi")]
    [InlineData("茶", "茶")]
    [InlineData("旅行", "旅行")]
    // Parts of camelCase and of paths.
    [InlineData("server", "project/alpha/buildServerAddress")]
    [InlineData("build server address", "project/alpha/buildServerAddress")]
    [InlineData("buildServerAddress", "project/alpha/buildServerAddress")]
    [InlineData("alpha", "project/alpha/buildServerAddress")]
    [InlineData("project/alpha", "project/alpha/buildServerAddress")]
    // By value.
    [InlineData("sourdough", "shopping-list")]
    [InlineData("Sourdough Bread", "shopping-list")]
    [InlineData("battery staple", "wifi")]
    [InlineData("dark", "user-preference")]
    [InlineData("zh-CN", "user-preference")]
    [InlineData("4711", "lucky")]
    [InlineData("1986", "birthday-anna")]
    // By metadata.
    [InlineData("Marktplatz", "shopping-list")]
    [InlineData("errands", "shopping-list")]
    [InlineData("饮食", "茶")]
    [InlineData("李雷", "早会")]
    [InlineData("みなと", "旅行")]
    // Chinese and Japanese, which have no spaces.
    [InlineData("乌龙茶", "茶")]
    [InlineData("乌龙", "茶")]
    [InlineData("喜欢喝", "茶")]
    [InlineData("会议", "早会")]
    [InlineData("東京タワー", "旅行")]
    [InlineData("タワー", "旅行")]
    [InlineData("来月", "旅行")]
    // Mixed.
    [InlineData("standup 会议", "早会")]
    [InlineData("Postgres备份", "早会")]
    [InlineData("postgres", "早会")]
    // Beginnings of words.
    [InlineData("birth", "birthday-anna")]
    [InlineData("sourd", "shopping-list")]
    [InlineData("prefer", "user-preference")]
    [InlineData("stand", "早会")]
    // Words with a slip.
    [InlineData("sourdogh", "shopping-list")]
    [InlineData("marktpaltz", "shopping-list")]
    [InlineData("preferense", "user-preference")]
    [InlineData("batttery", "wifi")]
    public async Task What_was_stored_is_found(string query, string key)
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, Memories);

        var results = await SearchAsync(tenant.Client, query);

        Assert.NotEmpty(results);
        Assert.Equal(key, KeyOf(results[0]));
        Assert.All(results, result => Assert.InRange(ScoreOf(result), 0.15, 1));
        Assert.Equal(results.Select(ScoreOf).OrderDescending(), results.Select(ScoreOf));
        var entry = await EntryAsync(tenant.Client, key);
        foreach (var member in new[] { "value", "metadata", "createdAt", "updatedAt" })
            Assert.Equal(entry.GetProperty(member).GetRawText(), results[0].GetProperty(member).GetRawText());
    }

    [Theory]
    [InlineData("xqzvkj")]
    [InlineData("zebra")]
    [InlineData("wolkenkratzer")]
    [InlineData("鲸鱼")]
    [InlineData("ペンギン")]
    [InlineData("9999")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("*")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("()")]
    [InlineData("\\")]
    [InlineData("😀")]
    public async Task What_nobody_stored_is_not_found(string query)
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, Memories);

        Assert.Empty(await FoundAsync(tenant.Client, query));
    }

    [Theory]
    [InlineData("\"wifi")]
    [InlineData("wifi\"")]
    [InlineData("'wifi'")]
    [InlineData("wifi*")]
    [InlineData("-wifi")]
    [InlineData("^wifi")]
    [InlineData("(wifi")]
    [InlineData("wifi AND")]
    [InlineData("OR wifi")]
    [InlineData("NOT wifi")]
    [InlineData("NEAR(wifi")]
    [InlineData("key:wifi")]
    [InlineData("{key} : wifi")]
    [InlineData("wifi & | ! <->")]
    [InlineData("wifi:*")]
    [InlineData("%wifi%")]
    [InlineData("wifi \\")]
    [InlineData("😀 wifi 👩‍👩‍👧")]
    [InlineData("</script>wifi")]
    public async Task A_query_is_text_never_syntax(string query)
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, Memories);

        Assert.Equal("wifi", (await FoundAsync(tenant.Client, query)).FirstOrDefault());
    }

    [Theory]
    [InlineData("'; DROP TABLE memory; --")]
    [InlineData("wifi' OR '1'='1")]
    [InlineData("a AND OR NOT NEAR ( ) \" * : ^ { } + - ~ @ # $ & | ! < >")]
    [InlineData("\ufffd\u200b\u202e\ufeff")]
    public async Task A_hostile_query_is_answered(string query)
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, Memories);

        Assert.Equal(200, (await TrySearchAsync(tenant.Client, query)).Status);
        Assert.Equal(9, (await KeysAsync(tenant.Client)).Count);
    }

    [Theory]
    [InlineData("user-preference")]
    [InlineData("apple")]
    [InlineData("notes/2026/plan.md")]
    [InlineData("用户偏好")]
    public async Task A_key_that_is_the_query_is_first_however_many_others_speak_of_it(string key)
    {
        using var tenant = await NewTenantAsync();
        var others = Enumerable.Range(0, 20).Select(i => $$"""{"key":"{{i}} {{key}}","value":"{{key}}: {{key}}, {{key}}"}""" + "\n");
        await ImportAsync(tenant.Client, string.Concat(others));
        await StoreAsync(tenant.Client, new { key, value = "itself" });

        var results = await SearchAsync(tenant.Client, key, "&limit=100");

        Assert.Equal(key, KeyOf(results[0]));
        Assert.InRange(ScoreOf(results[0]), 0.9, 1);
        Assert.Equal(21, results.Count);
        Assert.Equal([key], await FoundAsync(tenant.Client, key, "&limit=1"));
    }

    [Fact]
    public async Task A_key_that_is_the_query_is_found_in_an_empty_memory_as_well()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "favourite-colour", value = "teal" });

        var result = Assert.Single(await SearchAsync(tenant.Client, "favourite-colour"));

        Assert.InRange(ScoreOf(result), 0.9, 1);
    }

    [Fact]
    public async Task An_entry_with_all_words_is_before_those_with_some()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "one", value = "the green lighthouse" });
        await StoreAsync(tenant.Client, new { key = "two", value = "a windmill that is green" });
        await StoreAsync(tenant.Client, new { key = "both", value = "from the lighthouse to the windmill" });

        var results = await SearchAsync(tenant.Client, "lighthouse windmill");

        Assert.Equal("both", KeyOf(results[0]));
        Assert.All(results.Skip(1), result => Assert.True(ScoreOf(result) < ScoreOf(results[0]), result.GetRawText()));
    }

    [Fact]
    public async Task A_replaced_value_is_found_and_the_one_before_is_not()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = "lighthouse", metadata = new { note = "灯塔" } });

        await StoreAsync(tenant.Client, new { key = "a", value = "windmill", metadata = new { note = "风车" } });

        Assert.Equal(["a"], await FoundAsync(tenant.Client, "windmill"));
        Assert.Equal(["a"], await FoundAsync(tenant.Client, "风车"));
        Assert.Empty(await FoundAsync(tenant.Client, "lighthouse"));
        Assert.Empty(await FoundAsync(tenant.Client, "灯塔"));
    }

    [Fact]
    public async Task A_category_finds_its_entries_only()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = "lighthouse", metadata = new { category = "饮食" } });
        await StoreAsync(tenant.Client, new { key = "b", value = "lighthouse", metadata = new { category = "work" } });
        await StoreAsync(tenant.Client, new { key = "c", value = "lighthouse" });

        Assert.Equal(["a", "b", "c"], (await FoundAsync(tenant.Client, "lighthouse")).Order(StringComparer.Ordinal));
        Assert.Equal(["b"], await FoundAsync(tenant.Client, "lighthouse", "&category=work"));
        Assert.Equal(["a"], await FoundAsync(tenant.Client, "lighthouse", $"&category={Uri.EscapeDataString("饮食")}"));
        Assert.Empty(await FoundAsync(tenant.Client, "lighthouse", "&category=none"));
    }

    [Fact]
    public async Task What_scores_less_than_asked_for_is_left_out()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "lighthouse", value = "itself" });
        await StoreAsync(tenant.Client, new { key = "a", value = "a lighthouse in a long sentence about ships, storms and sailors" });
        await StoreAsync(tenant.Client, new { key = "b", value = "windmill" });
        var all = await SearchAsync(tenant.Client, "lighthouse windmill");
        var between = (ScoreOf(all[0]) + ScoreOf(all[^1])) / 2;

        var best = await SearchAsync(tenant.Client, "lighthouse windmill", $"&minScore={between.ToString("0.0000", CultureInfo.InvariantCulture)}");

        Assert.Equal(all.Where(result => ScoreOf(result) > between).Select(KeyOf), best.Select(KeyOf));
        Assert.Equal(all.Select(KeyOf), await FoundAsync(tenant.Client, "lighthouse windmill", "&minScore=0"));
        Assert.All(await SearchAsync(tenant.Client, "lighthouse", "&minScore=1"), result => Assert.Equal(1, ScoreOf(result)));
    }

    [Fact]
    public async Task A_search_finds_10_entries_unless_it_is_asked_for_others()
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, string.Concat(Enumerable.Range(0, 12).Select(i => $$"""{"key":"{{i}}","value":"lighthouse"}""" + "\n")));

        Assert.Equal(10, (await FoundAsync(tenant.Client, "lighthouse")).Distinct().Count());
        Assert.Equal(12, (await FoundAsync(tenant.Client, "lighthouse", "&limit=100")).Distinct().Count());
        Assert.Single(await FoundAsync(tenant.Client, "lighthouse", "&limit=1"));
    }

    [Theory]
    [InlineData("", "q")]
    [InlineData("q=", "q")]
    [InlineData("q=a&limit=0", "limit")]
    [InlineData("q=a&limit=-1", "limit")]
    [InlineData("q=a&limit=101", "limit")]
    [InlineData("q=a&limit=many", "limit")]
    [InlineData("q=a&minScore=-0.1", "minScore")]
    [InlineData("q=a&minScore=1.1", "minScore")]
    [InlineData("q=a&minScore=NaN", "minScore")]
    [InlineData("q=a&minScore=high", "minScore")]
    public async Task A_search_that_cannot_be_is_refused(string query, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/memory/search?{query}", Cancellation), field);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('字')]
    public async Task A_query_has_1024_characters_at_most(char character)
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, Memories);

        var longest = await TrySearchAsync(tenant.Client, new string(character, 1024));
        var tooLong = await TrySearchAsync(tenant.Client, new string(character, 1025));

        Assert.True(longest.Status == 200, longest.ToString());
        Assert.Empty(longest.Json.GetProperty("results").EnumerateArray());
        ErrorAssert.IsInvalid(tooLong, "q");
    }

    [Fact]
    public async Task A_query_of_very_many_words_is_answered()
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, Memories);

        var same = await FoundAsync(tenant.Client, string.Join(' ', Enumerable.Repeat("wifi", 200)));
        var different = await TrySearchAsync(tenant.Client, string.Join(' ', Enumerable.Range(0, 250).Select(i => $"{i:x3}")));

        Assert.Equal("wifi", same.FirstOrDefault());
        Assert.Equal(200, different.Status);
    }

    [Fact]
    public async Task A_query_with_U0000_is_no_failure_of_the_server()
    {
        using var tenant = await NewTenantAsync();
        await ImportAsync(tenant.Client, Memories);

        var answer = await tenant.Client.GetAsync("/api/memory/search?q=wifi%00", Cancellation);

        Assert.True(answer.Status is 200 or 400, answer.ToString());
    }

    [Fact]
    public async Task An_entry_of_256_KiB_is_found_by_its_words()
    {
        using var tenant = await NewTenantAsync();
        var value = string.Join(' ', Enumerable.Range(0, 32_000).Select(i => $"w{i:x5}"));
        await StoreAsync(tenant.Client, new { key = "large", value = "lighthouse " + value });
        await StoreAsync(tenant.Client, new { key = "other", value = "windmill" });

        Assert.Equal(["large"], await FoundAsync(tenant.Client, "lighthouse"));
        Assert.Equal(["large"], await FoundAsync(tenant.Client, "large"));
    }
}
