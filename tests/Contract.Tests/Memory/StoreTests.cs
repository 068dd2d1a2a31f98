using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>Entries that are stored, replaced and expected at a version.</summary>
public abstract class StoreTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : StoreTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : StoreTests(servers.OnPostgres);

    [Fact]
    public async Task An_entry_says_what_was_stored_when_and_by_whom()
    {
        using var tenant = await NewTenantAsync();
        var (keyId, key) = await tenant.CreateKeyAsync(["read", "write"], Cancellation);
        using var client = tenant.ClientWith(key);

        var stored = await StoreAsync(client, new { key = "tea", value = "我喜欢喝乌龙茶", metadata = new { category = "饮食", sure = true } });
        var entry = await client.GetAsync("/api/memory/tea", Cancellation);

        Assert.Equal(200, entry.Status);
        Assert.Equal(
            $$"""{"key":"tea","value":"我喜欢喝乌龙茶","metadata":{"category":"饮食","sure":true},"version":1,"createdAt":"{{stored.Text("createdAt")}}","updatedAt":"{{stored.Text("updatedAt")}}","expiresAt":null,"source":{"type":"api","keyId":"{{keyId}}","requestId":"{{stored.Header("X-Request-Id")}}"}"""
            + "}",
            entry.Body);
        Assert.Equal(entry.Body, (await client.GetAsync("/api/memory?key=tea", Cancellation)).Body);
    }

    [Fact]
    public async Task Storing_again_replaces_the_whole_entry_and_raises_its_version()
    {
        using var tenant = await NewTenantAsync();
        var first = await StoreAsync(tenant.Client, new { key = "theme", value = "dark", metadata = new { category = "look" }, ttlSeconds = 3600 });

        var second = await StoreAsync(tenant.Client, new { key = "theme", value = new { name = "light" } });

        Assert.True(VersionOf(second) > VersionOf(first), second.ToString());
        Assert.Equal(first.Text("createdAt"), second.Text("createdAt"));
        var entry = await EntryAsync(tenant.Client, "theme");
        AreSame("""{"name":"light"}""", entry.GetProperty("value"));
        Assert.Equal("{}", entry.GetProperty("metadata").GetRawText());
        Assert.Equal("null", entry.GetProperty("expiresAt").GetRawText());
        Assert.Equal(VersionOf(second), entry.GetProperty("version").GetInt64());
        Assert.Equal((second.Text("createdAt"), second.Text("updatedAt")), (entry.GetProperty("createdAt").GetString(), entry.GetProperty("updatedAt").GetString()));
        Assert.Equal(["theme"], await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task A_version_rises_over_a_deletion_too()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = 1 });
        var before = await StoreAsync(tenant.Client, new { key = "a", value = 2 });
        await DeleteAsync(tenant.Client, "a");

        var after = await StoreAsync(tenant.Client, new { key = "a", value = 3 });

        Assert.True(VersionOf(after) > VersionOf(before), after.ToString());
        IsOtherVersion(await TryStoreAsync(tenant.Client, new { key = "a", value = 4, ifVersion = VersionOf(before) }));
    }

    [Fact]
    public async Task An_entry_is_stored_where_none_is_expected_only_once()
    {
        using var tenant = await NewTenantAsync();

        var first = await TryStoreAsync(tenant.Client, new { key = "a", value = "first", ifVersion = 0 });
        var second = await TryStoreAsync(tenant.Client, new { key = "a", value = "second", ifVersion = 0 });

        Assert.Equal(200, first.Status);
        IsOtherVersion(second);
        Assert.Equal("\"first\"", await ValueAsync(tenant.Client, "a"));
        await DeleteAsync(tenant.Client, "a");
        Assert.Equal(200, (await TryStoreAsync(tenant.Client, new { key = "a", value = "third", ifVersion = 0 })).Status);
    }

    [Fact]
    public async Task A_store_that_expects_another_version_changes_nothing()
    {
        using var tenant = await NewTenantAsync();
        var first = await StoreAsync(tenant.Client, new { key = "a", value = 1 });

        var second = await TryStoreAsync(tenant.Client, new { key = "a", value = 2, ifVersion = VersionOf(first) });
        var stale = await TryStoreAsync(tenant.Client, new { key = "a", value = 3, ifVersion = VersionOf(first) });
        var missing = await TryStoreAsync(tenant.Client, new { key = "b", value = 4, ifVersion = 1 });

        Assert.Equal(200, second.Status);
        IsOtherVersion(stale);
        IsOtherVersion(missing);
        Assert.Equal("2", await ValueAsync(tenant.Client, "a"));
        Assert.Equal(["a"], await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task Of_many_who_expect_the_same_version_one_stores()
    {
        using var tenant = await NewTenantAsync();
        var version = VersionOf(await StoreAsync(tenant.Client, new { key = "a", value = -1 }));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => TryStoreAsync(tenant.Client, new { key = "a", value = i, ifVersion = version })));

        var winner = Assert.Single(Enumerable.Range(0, 8), i => answers[i].Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), IsOtherVersion);
        Assert.Equal($"{winner}", await ValueAsync(tenant.Client, "a"));
    }

    [Fact]
    public async Task Stores_in_parallel_have_a_version_each()
    {
        using var tenant = await NewTenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => StoreAsync(tenant.Client, new { key = "a", value = i })));

        var versions = answers.Select(VersionOf).ToList();
        Assert.Equal(8, versions.Distinct().Count());
        var entry = await EntryAsync(tenant.Client, "a");
        Assert.Equal(versions.Max(), entry.GetProperty("version").GetInt64());
        Assert.Equal(versions.IndexOf(versions.Max()), entry.GetProperty("value").GetInt32());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("99999999999999999999")]
    public async Task A_version_that_is_none_is_refused(string version)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, $$"""{"key":"a","value":1,"ifVersion":{{version}} }"""), "ifVersion");

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"60\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("3153600001")]
    [InlineData("99999999999999999999")]
    public async Task A_time_to_live_that_is_none_is_refused(string seconds)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryStoreAsync(tenant.Client, $$"""{"key":"a","value":1,"ttlSeconds":{{seconds}} }"""), "ttlSeconds");

        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData(3600L)]
    [InlineData(3153600000L)]
    public async Task An_entry_with_a_time_to_live_says_when_it_ends(long seconds)
    {
        using var tenant = await NewTenantAsync();

        await StoreAsync(tenant.Client, new { key = "a", value = 1, ttlSeconds = seconds });

        var entry = await EntryAsync(tenant.Client, "a");
        Assert.Matches(TimePattern, entry.GetProperty("expiresAt").GetString());
        var life = entry.GetProperty("expiresAt").GetDateTimeOffset() - entry.GetProperty("updatedAt").GetDateTimeOffset();
        Assert.InRange(life.TotalSeconds, seconds - 1, seconds + 1);
    }

    [Fact]
    public async Task Optional_members_may_be_null_and_unknown_ones_are_accepted()
    {
        using var tenant = await NewTenantAsync();

        await StoreAsync(tenant.Client, """{"key":"a","value":1,"metadata":null,"namespace":null,"ifVersion":null,"ttlSeconds":null,"colour":["red"]}""");

        var entry = await EntryAsync(tenant.Client, "a");
        Assert.Equal("{}", entry.GetProperty("metadata").GetRawText());
        Assert.Equal("null", entry.GetProperty("expiresAt").GetRawText());
    }

    [Fact]
    public async Task A_store_under_an_idempotency_key_is_done_once()
    {
        using var tenant = await NewTenantAsync();
        var body = new { key = "a", value = "once" };

        var first = await TryStoreAsync(tenant.Client, body, IdempotencyKey("s1"));
        await DeleteAsync(tenant.Client, "a");
        var again = await TryStoreAsync(tenant.Client, body, IdempotencyKey("s1"));
        var other = await TryStoreAsync(tenant.Client, new { key = "a", value = "twice" }, IdempotencyKey("s1"));

        Assert.Equal(200, first.Status);
        Assert.Null(first.Header("Idempotent-Replayed"));
        Assert.Equal((200, "true", first.Body), (again.Status, again.Header("Idempotent-Replayed"), again.Body));
        ErrorAssert.IsConflict(other);
        Assert.Empty(await KeysAsync(tenant.Client));
    }
}
