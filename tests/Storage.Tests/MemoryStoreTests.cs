using System.Text;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Storage.Tests;

public abstract class MemoryStoreTests(DatabaseKind kind) : StorageTest(kind)
{
    private static readonly MemoryNamespaceKey Notes = new(Tenant, "notes");
    private static readonly MemoryNamespaceKey Others = new(Tenant, "others");

    public sealed class OnSqlite() : MemoryStoreTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : MemoryStoreTests(DatabaseKind.Postgres);

    private IMemoryStore Memory => Get<IMemoryStore>();

    private IMemoryVectors Vectors => Get<IMemoryVectors>();

    private static MemoryEntryState Entry(string key, string value = "\"v\"", long version = 1) => new()
    {
        Key = key,
        Version = version,
        ChangeId = Guid.NewGuid(),
        Value = Encoding.UTF8.GetBytes(value),
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    private static MemoryTerms Terms(params string[] terms) => new(terms, [], [], []);

    private async Task<long> NumberAsync(MemoryNamespaceKey key) => (await Memory.OpenAsync(key, Cancellation))!.Number;

    private async Task<MemoryEntryState> WriteAsync(MemoryNamespaceKey key, MemoryEntryState entry, MemoryTerms terms, Guid? expected = null)
    {
        Assert.True(await Memory.WriteAsync(key, await NumberAsync(key), [new MemoryWrite(entry, terms, expected)], Cancellation));
        return entry;
    }

    private async Task<IReadOnlyList<string>> MatchAsync(MemoryNamespaceKey key, string[] terms, bool isPrefix = false, int limit = 100)
    {
        var ids = await Memory.MatchAsync(await NumberAsync(key), terms, isPrefix, limit, Cancellation);
        var rows = (await Memory.ReadAsync(key, ids.ToArray(), Cancellation)).ToDictionary(row => row.Id, row => row.Entry.Key);
        return [.. ids.OrderDescending().Select(id => rows[id])];
    }

    [Fact]
    public async Task What_was_written_is_read_back_whole()
    {
        var entry = Entry("名\"'`;--\ud83d\ude00") with
        {
            Metadata = "{}"u8.ToArray(),
            Category = "c",
            ExpiresAt = Now.AddDays(1),
            KeyId = "k",
            RequestId = "r",
            SessionId = "s",
            TurnId = "t",
            Previous = new MemoryPreviousState
            {
                Kind = MemoryPreviousKind.Present, Value = [1], Metadata = [2], CreatedAt = Now.AddDays(-1), ExpiresAt = Now.AddDays(2),
            },
        };
        await WriteAsync(Notes, entry, Terms("a"));

        Assert.Equivalent(entry, await Memory.FindAsync(Notes, entry.Key, Cancellation), strict: true);
        Assert.Null(await Memory.FindAsync(Others, entry.Key, Cancellation));
        Assert.Equal(MemoryPreviousKind.Present, (await Memory.FindAsync(Notes, entry.Key, Cancellation))!.Previous.Kind);
    }

    [Fact]
    public async Task A_change_that_follows_another_than_it_thinks_is_not_written()
    {
        var first = await WriteAsync(Notes, Entry("a", "1"), Terms("one"));
        var number = await NumberAsync(Notes);

        Assert.False(await Memory.WriteAsync(Notes, number, [new MemoryWrite(Entry("a", "2"), Terms("two"), null)], Cancellation));
        Assert.False(await Memory.WriteAsync(Notes, number, [new MemoryWrite(Entry("a", "3"), Terms("three"), Guid.NewGuid())], Cancellation));

        Assert.Equal("1", Encoding.UTF8.GetString((await Memory.FindAsync(Notes, "a", Cancellation))!.Value!));
        Assert.Empty(await MatchAsync(Notes, ["two"]));
        await WriteAsync(Notes, Entry("a", "4", 2), Terms("four"), first.ChangeId);
        Assert.Equal(["a"], await MatchAsync(Notes, ["four"]));
    }

    [Fact]
    public async Task The_same_change_written_twice_is_written_once()
    {
        var entry = Entry("a");
        await WriteAsync(Notes, entry, Terms("one"));
        await WriteAsync(Notes, entry, Terms("one"));

        Assert.Equal(["a"], await MatchAsync(Notes, ["one"]));
        Assert.Equal(1, (await Memory.MeasureAsync(Tenant, Cancellation)).Entries);
    }

    [Fact]
    public async Task Entries_are_found_by_all_terms_and_by_beginnings()
    {
        await WriteAsync(Notes, Entry("first"), Terms("red", "apple"));
        await WriteAsync(Notes, Entry("second"), Terms("red", "pear", "会议", "😀"));
        await WriteAsync(Notes, Entry("third"), new MemoryTerms(["redder"], ["apple"], ["pear"], ["=mark", "!der"]));

        Assert.Equal(["second", "first"], await MatchAsync(Notes, ["red"]));
        Assert.Equal(["third", "second", "first"], await MatchAsync(Notes, ["red"], isPrefix: true));
        Assert.Equal(["first"], await MatchAsync(Notes, ["red", "apple"]));
        Assert.Equal(["third"], await MatchAsync(Notes, ["redd", "pear"], isPrefix: true));
        Assert.Equal(["third"], await MatchAsync(Notes, ["!d", "=mark"], isPrefix: true));
        Assert.Equal(["second"], await MatchAsync(Notes, ["会议"]));
        Assert.Equal(["second"], await MatchAsync(Notes, ["😀"]));
        Assert.Single(await MatchAsync(Notes, ["red"], isPrefix: true, limit: 1));
        Assert.Empty(await MatchAsync(Notes, ["ed"]));
    }

    [Fact]
    public async Task Namespaces_and_tenants_are_apart_in_one_index()
    {
        var foreign = new MemoryNamespaceKey(TenantId.Parse("other"), "notes");
        await WriteAsync(Notes, Entry("a"), Terms("red"));
        await WriteAsync(Others, Entry("b"), Terms("red"));
        await WriteAsync(foreign, Entry("c"), Terms("red"));

        Assert.Equal(["a"], await MatchAsync(Notes, ["red"]));
        Assert.Equal(["b"], await MatchAsync(Others, ["re"], isPrefix: true));
        Assert.Equal(["c"], await MatchAsync(foreign, ["red"]));
        var ids = await Memory.MatchAsync(await NumberAsync(foreign), ["red"], false, 10, Cancellation);
        Assert.Empty(await Memory.ReadAsync(Notes, ids.ToArray(), Cancellation));
        Assert.Empty(await Memory.ReadTermsAsync(Notes, ids.ToArray(), Cancellation));
    }

    [Fact]
    public async Task A_changed_entry_is_found_by_its_new_terms_and_a_deleted_one_by_none()
    {
        var first = await WriteAsync(Notes, Entry("a"), Terms("old"));
        var second = await WriteAsync(Notes, Entry("a", version: 2), Terms("new"), first.ChangeId);
        Assert.Empty(await MatchAsync(Notes, ["old"]));
        Assert.Equal(["a"], await MatchAsync(Notes, ["new"]));

        await WriteAsync(Notes, Entry("a", version: 3) with { Value = null, DeletedAt = Now }, MemoryTerms.None, second.ChangeId);

        Assert.Empty(await Memory.MatchAsync(await NumberAsync(Notes), ["new"], false, 10, Cancellation));
        Assert.Equal(0, (await Memory.MeasureAsync(Tenant, Cancellation)).Entries);
        Assert.Empty((await Memory.ListAsync(Notes, "", null, 10, long.MaxValue, Cancellation)).Entries);
    }

    [Fact]
    public async Task Terms_come_back_field_by_field()
    {
        await WriteAsync(Notes, Entry("a") with { Category = "c" }, new MemoryTerms(["k1", "k2"], [], ["v1"], ["=m"]));
        var ids = await Memory.MatchAsync(await NumberAsync(Notes), ["v1"], false, 10, Cancellation);

        var row = Assert.Single(await Memory.ReadTermsAsync(Notes, ids.ToArray(), Cancellation));

        Assert.Equal(["k1", "k2"], row.Terms.Key);
        Assert.Empty(row.Terms.Metadata);
        Assert.Equal(["v1"], row.Terms.Value);
        Assert.Equal(("a", "c", Now), (row.Key, row.Category, row.UpdatedAt));
    }

    [Fact]
    public async Task A_list_is_in_the_order_of_keys_and_ends_where_its_bytes_are_full()
    {
        foreach (var key in new[] { "b", "a", "ä", "B", "会" }) await WriteAsync(Notes, Entry(key, "\"1234\"") with { Category = key == "b" ? "x" : null }, Terms(key));

        var first = await Memory.ListAsync(Notes, "", null, 2, long.MaxValue, Cancellation);
        Assert.Equal(["B", "a"], first.Entries.Select(entry => entry.Key));
        Assert.True(first.HasMore);
        var rest = await Memory.ListAsync(Notes, "a", null, 10, long.MaxValue, Cancellation);
        Assert.Equal(["b", "ä", "会"], rest.Entries.Select(entry => entry.Key));
        Assert.False(rest.HasMore);
        var full = await Memory.ListAsync(Notes, "", null, 10, 7, Cancellation);
        Assert.Equal((2, true), (full.Entries.Count, full.HasMore));
        Assert.Equal(["b"], (await Memory.ListAsync(Notes, "", "x", 10, long.MaxValue, Cancellation)).Entries.Select(entry => entry.Key));
    }

    [Fact]
    public async Task What_has_expired_is_not_there_and_is_purged_with_what_was_deleted_long_ago()
    {
        await WriteAsync(Notes, Entry("soon") with { ExpiresAt = Now.AddMinutes(1) }, Terms("red"));
        await WriteAsync(Notes, Entry("gone") with { Value = null, DeletedAt = Now.AddDays(-8) }, MemoryTerms.None);
        await WriteAsync(Notes, Entry("stays"), Terms("red"));
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["stays"], (await Memory.ListAsync(Notes, "", null, 10, long.MaxValue, Cancellation)).Entries.Select(entry => entry.Key));
        var ids = await Memory.MatchAsync(await NumberAsync(Notes), ["red"], false, 10, Cancellation);
        Assert.Equal(["stays"], (await Memory.ReadTermsAsync(Notes, ids.ToArray(), Cancellation)).Select(row => row.Key));
        Assert.Equal(2, await Memory.PurgeAsync(Now.AddDays(-7), 10, Cancellation));
        Assert.Equal(0, await Memory.PurgeAsync(Now.AddDays(-7), 10, Cancellation));
        Assert.Null(await Memory.FindAsync(Notes, "soon", Cancellation));
        Assert.Single(await Memory.MatchAsync(await NumberAsync(Notes), ["red"], false, 10, Cancellation));
        Assert.Equal(1, (await Memory.MeasureAsync(Tenant, Cancellation)).Entries);
    }

    [Fact]
    public async Task What_expired_in_anothers_place_stays_as_long_as_it_can_be_undone()
    {
        await WriteAsync(
            Notes,
            Entry("a") with { ExpiresAt = Now.AddSeconds(1), Previous = new MemoryPreviousState { Kind = MemoryPreviousKind.Present, Value = [1], CreatedAt = Now } },
            Terms("red"));
        Clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(0, await Memory.PurgeAsync(Clock.GetUtcNow().AddDays(-7), 10, Cancellation));
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await Memory.PurgeAsync(Clock.GetUtcNow().AddDays(-7), 10, Cancellation));
    }

    [Fact]
    public async Task A_list_is_read_whole_however_many_pieces_it_takes()
    {
        var number = await NumberAsync(Notes);
        var writes = Enumerable.Range(0, 100).Select(index => new MemoryWrite(Entry($"key-{index:000}"), Terms("red"), null)).ToArray();
        Assert.True(await Memory.WriteAsync(Notes, number, writes, Cancellation));

        var page = await Memory.ListAsync(Notes, "", null, 96, long.MaxValue, Cancellation);

        Assert.Equal((96, true), (page.Entries.Count, page.HasMore));
        Assert.Equal(writes.Take(96).Select(write => write.Entry.Key), page.Entries.Select(entry => entry.Key));
        page = await Memory.ListAsync(Notes, "", null, 100, long.MaxValue, Cancellation);
        Assert.Equal((100, false), (page.Entries.Count, page.HasMore));
    }

    [Fact]
    public async Task Usage_counts_what_is_there()
    {
        Assert.Equal(default, await Memory.MeasureAsync(Tenant, Cancellation));
        var first = await WriteAsync(Notes, Entry("a", "\"0123456789\""), Terms("red"));
        var one = await Memory.MeasureAsync(Tenant, Cancellation);
        await WriteAsync(Others, Entry("b"), Terms("red"));
        await WriteAsync(Notes, Entry("a", "\"01234567890123456789\"", 2), Terms("red"), first.ChangeId);
        var two = await Memory.MeasureAsync(Tenant, Cancellation);

        Assert.Equal((1, 1), (one.Namespaces, one.Entries));
        Assert.Equal((2, 2), (two.Namespaces, two.Entries));
        Assert.True(two.Bytes > one.Bytes + 10, $"{one} {two}");
    }

    [Fact]
    public async Task A_tenants_memory_goes_piece_by_piece_and_another_tenants_stays()
    {
        var foreign = new MemoryNamespaceKey(TenantId.Parse("other"), "notes");
        await WriteAsync(Notes, Entry("a"), Terms("red"));
        await WriteAsync(foreign, Entry("c"), Terms("red"));

        while (await Memory.RemoveSomeAsync(Tenant, Cancellation))
        {
        }

        Assert.Equal(default, await Memory.MeasureAsync(Tenant, Cancellation));
        Assert.Equal(["c"], await MatchAsync(foreign, ["red"]));
        Assert.Null(await Memory.FindNamespaceAsync(Notes, Cancellation));
    }

    [Fact]
    public async Task A_tenant_that_is_being_removed_gets_no_namespace()
    {
        await Get<Tenants.ITenantDeletions>().BeginAsync(Tenant, Now, Cancellation);

        Assert.Null(await Memory.OpenAsync(Notes, Cancellation));
    }

    [Fact]
    public async Task Vectors_go_with_the_change_that_they_are_of()
    {
        var entry = await WriteAsync(Notes, Entry("a"), Terms("red"));
        await WriteAsync(Notes, Entry("b"), Terms("red"));
        var state = (await Memory.FindNamespaceAsync(Notes, Cancellation))!;
        var changes = await Vectors.ListChangesAsync(Notes, 0, state.LastId, 10, Cancellation);
        Assert.Equal(["a", "b"], changes.Select(change => change.Entry.Key));
        await Vectors.AddAsync(Notes, [.. changes.Select(change => new MemoryVector(change.Id, [1, 2], [3, 4, 5]))], Cancellation);

        await WriteAsync(Notes, Entry("a", version: 2), Terms("red"), entry.ChangeId);
        // Of an entry that has changed meanwhile.
        await Vectors.AddAsync(Notes, [new MemoryVector(changes[0].Id, [9], [9])], Cancellation);

        var seen = new List<long>();
        await Vectors.ScanAsync(Notes, null, seen, static (id, signature, seen) => seen.Add(id + signature.Length), Cancellation);
        Assert.Equal([changes[1].Id + 2], seen);
        await Vectors.ScanAsync(Notes, "none", seen, static (id, signature, seen) => seen.Add(id), Cancellation);
        Assert.Single(seen);
        Assert.Equal([3, 4, 5], Assert.Single(await Vectors.ReadAsync([.. changes.Select(change => change.Id)], Cancellation)).Vector);
        Assert.True(await Vectors.RemoveSomeAsync(Notes, Cancellation));
        Assert.False(await Vectors.RemoveSomeAsync(Notes, Cancellation));
        Assert.Empty(await Vectors.ReadAsync([changes[1].Id], Cancellation));
    }

    [Fact]
    public async Task Namespaces_are_to_be_embedded_until_all_their_changes_are_and_again_for_another_model()
    {
        await WriteAsync(Notes, Entry("a"), Terms("red"));
        await NumberAsync(Others);
        Assert.Equal([Notes], await Vectors.ListToEmbedAsync("m1", 10, Cancellation));

        Assert.True(await Vectors.MarkAsync(Notes, "", "m1", (await Memory.FindNamespaceAsync(Notes, Cancellation))!.LastId, Cancellation));
        Assert.False(await Vectors.MarkAsync(Notes, "m0", "m2", 0, Cancellation));

        Assert.Empty(await Vectors.ListToEmbedAsync("m1", 10, Cancellation));
        Assert.Equal([Notes], await Vectors.ListToEmbedAsync("m2", 10, Cancellation));
        await WriteAsync(Notes, Entry("b"), Terms("red"));
        Assert.Equal([Notes], await Vectors.ListToEmbedAsync("m1", 10, Cancellation));
    }
}
