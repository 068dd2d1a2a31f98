using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>Entries that are deleted, and changes that are taken back.</summary>
public abstract class UndoTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : UndoTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : UndoTests(servers.OnPostgres);

    [Fact]
    public async Task A_deleted_entry_is_found_no_more()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "lighthouse", value = "Pharos" });

        var deleted = await TryDeleteAsync(tenant.Client, "lighthouse");
        var twice = await TryDeleteAsync(tenant.Client, "lighthouse");

        Assert.Equal(200, deleted.Status);
        ErrorAssert.IsNotFound(twice);
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync("/api/memory/lighthouse", Cancellation));
        Assert.Empty(await KeysAsync(tenant.Client));
        Assert.Empty(await FoundAsync(tenant.Client, "lighthouse"));
        Assert.Empty(await FoundAsync(tenant.Client, "Pharos"));
        Assert.Equal("", (await ExportAsync(tenant.Client)).Body);
    }

    [Fact]
    public async Task A_delete_that_expects_another_version_deletes_nothing()
    {
        using var tenant = await NewTenantAsync();
        var first = await StoreAsync(tenant.Client, new { key = "a", value = 1 });
        var second = await StoreAsync(tenant.Client, new { key = "a", value = 2 });

        var stale = await TryDeleteAsync(tenant.Client, "a", $"&ifVersion={VersionOf(first)}");
        var staleByPath = await tenant.Client.DeleteAsync($"/api/memory/a?ifVersion={VersionOf(first)}", Cancellation);
        var kept = await ValueAsync(tenant.Client, "a");
        var right = await TryDeleteAsync(tenant.Client, "a", $"&ifVersion={VersionOf(second)}");

        IsOtherVersion(stale);
        IsOtherVersion(staleByPath);
        Assert.Equal("2", kept);
        Assert.Equal(200, right.Status);
        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("x")]
    public async Task A_delete_with_a_version_that_is_none_is_refused(string version)
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = 1 });

        ErrorAssert.IsInvalid(await TryDeleteAsync(tenant.Client, "a", $"&ifVersion={version}"), "ifVersion");
        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync($"/api/memory/a?ifVersion={version}", Cancellation), "ifVersion");

        Assert.Equal(["a"], await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task Undoing_the_first_store_leaves_no_entry()
    {
        using var tenant = await NewTenantAsync();
        var stored = await StoreAsync(tenant.Client, new { key = "a", value = "lighthouse" });

        var undone = await TryUndoAsync(tenant.Client, new { key = "a" });

        Assert.Equal(200, undone.Status);
        Assert.Equal($$"""{"key":"a","status":"deleted","version":{{VersionOf(undone)}}""" + "}", undone.Body);
        Assert.True(VersionOf(undone) > VersionOf(stored), undone.Body);
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync("/api/memory/a", Cancellation));
        Assert.Empty(await FoundAsync(tenant.Client, "lighthouse"));
    }

    [Fact]
    public async Task Undoing_a_store_puts_back_what_it_replaced()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = "lighthouse", metadata = new { category = "first" }, ttlSeconds = 3600 });
        var before = await EntryAsync(tenant.Client, "a");
        var second = await StoreAsync(tenant.Client, new { key = "a", value = "windmill" });

        var undone = await TryUndoAsync(tenant.Client, new { key = "a" });

        Assert.Equal(200, undone.Status);
        Assert.Equal("restored", undone.Text("status"));
        Assert.True(VersionOf(undone) > VersionOf(second), undone.Body);
        var entry = await EntryAsync(tenant.Client, "a");
        Assert.Equal(VersionOf(undone), entry.GetProperty("version").GetInt64());
        foreach (var member in new[] { "value", "metadata", "createdAt", "expiresAt" })
            Assert.Equal(before.GetProperty(member).GetRawText(), entry.GetProperty(member).GetRawText());
        Assert.Equal(["a"], await FoundAsync(tenant.Client, "lighthouse"));
        Assert.Empty(await FoundAsync(tenant.Client, "windmill"));
    }

    [Fact]
    public async Task An_undone_delete_is_found_again()
    {
        using var tenant = await NewTenantAsync();
        var stored = await StoreAsync(tenant.Client, new { key = "lighthouse", value = "Pharos", metadata = new { category = "wonders" } });
        await DeleteAsync(tenant.Client, "lighthouse");

        var undone = await UndoAsync(tenant.Client, "lighthouse");

        Assert.Equal("restored", undone.Text("status"));
        Assert.True(VersionOf(undone) > VersionOf(stored), undone.Body);
        var entry = await EntryAsync(tenant.Client, "lighthouse");
        Assert.Equal("Pharos", entry.GetProperty("value").GetString());
        Assert.Equal(stored.Text("createdAt"), entry.GetProperty("createdAt").GetString());
        Assert.Equal(["lighthouse"], await FoundAsync(tenant.Client, "Pharos"));
        Assert.Equal(["lighthouse"], await KeysAsync(tenant.Client, more: "&category=wonders"));
    }

    [Fact]
    public async Task An_undo_undone_makes_the_change_again()
    {
        using var tenant = await NewTenantAsync();
        foreach (var value in new[] { "one", "two", "three" }) await StoreAsync(tenant.Client, new { key = "a", value });

        var values = new List<string>();
        var versions = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            versions.Add(VersionOf(await UndoAsync(tenant.Client, "a")));
            values.Add(await ValueAsync(tenant.Client, "a"));
        }

        Assert.Equal(["\"two\"", "\"three\"", "\"two\""], values);
        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public async Task A_first_store_and_a_delete_are_made_again_as_well()
    {
        using var tenant = await NewTenantAsync();

        await StoreAsync(tenant.Client, new { key = "a", value = "one" });
        var gone = await UndoAsync(tenant.Client, "a");
        var there = await UndoAsync(tenant.Client, "a");
        await DeleteAsync(tenant.Client, "a");
        var back = await UndoAsync(tenant.Client, "a");
        var goneAgain = await UndoAsync(tenant.Client, "a");

        Assert.Equal(
            ["deleted", "restored", "restored", "deleted"],
            new[] { gone, there, back, goneAgain }.Select(answer => answer.Text("status")));
        Assert.Empty(await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task Without_a_change_there_is_nothing_to_undo()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "other", value = 1 });

        ErrorAssert.IsNotFound(await TryUndoAsync(tenant.Client, new { key = "never" }));
        ErrorAssert.IsNotFound(await TryUndoAsync(tenant.Client, new { key = "other", @namespace = "elsewhere" }));

        Assert.Equal(["other"], await KeysAsync(tenant.Client));
    }

    [Fact]
    public async Task An_undo_that_expects_another_version_undoes_nothing()
    {
        using var tenant = await NewTenantAsync();
        var first = await StoreAsync(tenant.Client, new { key = "a", value = 1 });
        var second = await StoreAsync(tenant.Client, new { key = "a", value = 2 });

        IsOtherVersion(await TryUndoAsync(tenant.Client, new { key = "a", ifVersion = VersionOf(first) }));
        Assert.Equal("2", await ValueAsync(tenant.Client, "a"));
        Assert.Equal(200, (await TryUndoAsync(tenant.Client, new { key = "a", ifVersion = VersionOf(second) })).Status);
        Assert.Equal("1", await ValueAsync(tenant.Client, "a"));
        ErrorAssert.IsInvalid(await TryUndoAsync(tenant.Client, """{"key":"a","ifVersion":"1"}"""), "ifVersion");
        ErrorAssert.IsInvalid(await TryUndoAsync(tenant.Client, """{"key":"a","ifVersion":0}"""), "ifVersion");
    }

    [Fact]
    public async Task An_undo_under_an_idempotency_key_is_done_once()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "a", value = 1 });
        await StoreAsync(tenant.Client, new { key = "a", value = 2 });

        var first = await TryUndoAsync(tenant.Client, new { key = "a" }, IdempotencyKey("u1"));
        var again = await TryUndoAsync(tenant.Client, new { key = "a" }, IdempotencyKey("u1"));

        Assert.Equal(200, first.Status);
        Assert.Equal((200, "true", first.Body), (again.Status, again.Header("Idempotent-Replayed"), again.Body));
        Assert.Equal("1", await ValueAsync(tenant.Client, "a"));
    }
}
