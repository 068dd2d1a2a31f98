using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Memory;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Tests.Memory;

public sealed class MemoryRulesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly MemorySource Source = new() { SessionId = "s", TurnId = "t" };

    private static StoreMemory Put(string value, long? ifVersion = null, long? ttl = null, string? metadata = null) => new()
    {
        Key = "k",
        Value = JsonPayload.From(value),
        Metadata = metadata is null ? default : JsonPayload.From(metadata),
        IfVersion = ifVersion,
        TtlSeconds = ttl,
        Source = Source,
    };

    private static ChangeMemory Change(long? ifVersion = null) => new() { Key = "k", IfVersion = ifVersion, Source = Source };

    private static MemoryEntryState Store(MemoryEntryState? there, string value, DateTimeOffset? now = null) =>
        MemoryRules.Store(there, Put(value), Guid.NewGuid(), now ?? Now).Entry!;

    private static string? ValueOf(MemoryEntryState? entry) => entry?.Value is { } value ? Encoding.UTF8.GetString(value) : null;

    [Fact]
    public void Storing_again_keeps_the_creation_and_counts_the_version()
    {
        var first = Store(null, "1");
        var second = Store(first, "2", Now.AddHours(1));

        Assert.Equal((1, Now, Now), (first.Version, first.CreatedAt, first.UpdatedAt));
        Assert.Equal((2, Now, Now.AddHours(1)), (second.Version, second.CreatedAt, second.UpdatedAt));
        Assert.Equal(("s", "t"), (second.SessionId, second.TurnId));
    }

    [Fact]
    public void A_version_is_asked_for_and_0_asks_for_none()
    {
        var there = Store(null, "1");

        Assert.NotNull(MemoryRules.Store(null, Put("1", ifVersion: 0), Guid.NewGuid(), Now).Entry);
        Assert.NotNull(MemoryRules.Store(there, Put("2", ifVersion: 1), Guid.NewGuid(), Now).Entry);
        var problem = MemoryRules.Store(there, Put("2", ifVersion: 0), Guid.NewGuid(), Now).Problem!;
        Assert.Equal((409, "ifVersion"), (problem.Status, problem.Field));
        Assert.Equal(409, MemoryRules.Delete(there, Change(ifVersion: 7), Guid.NewGuid(), Now).Problem!.Status);
        Assert.Equal(409, MemoryRules.Undo(there, Change(ifVersion: 7), Guid.NewGuid(), Now).Problem!.Status);
    }

    [Fact]
    public void An_entry_that_has_expired_is_none_and_its_version_is_not_given_again()
    {
        var there = MemoryRules.Store(null, Put("1", ttl: 60), Guid.NewGuid(), Now).Entry!;
        var later = Now.AddSeconds(60);

        Assert.True(MemoryRules.IsPresent(there, later.AddTicks(-1)));
        Assert.False(MemoryRules.IsPresent(there, later));
        Assert.Equal(404, MemoryRules.Delete(there, Change(), Guid.NewGuid(), later).Problem!.Status);
        var anew = MemoryRules.Store(there, Put("2", ifVersion: 0), Guid.NewGuid(), later).Entry!;
        Assert.Equal((2, later), (anew.Version, anew.CreatedAt));
    }

    [Fact]
    public void A_time_to_live_of_any_length_is_a_time() =>
        Assert.True(MemoryRules.Store(null, Put("1", ttl: long.MaxValue), Guid.NewGuid(), Now).Entry!.ExpiresAt > Now.AddYears(90));

    [Fact]
    public void Undoing_puts_back_what_was_before_and_undoing_that_does_it_again()
    {
        var first = Store(null, "1");
        var second = Store(first, "2", Now.AddHours(1));

        var undone = MemoryRules.Undo(second, Change(), Guid.NewGuid(), Now.AddHours(2)).Entry!;
        var redone = MemoryRules.Undo(undone, Change(), Guid.NewGuid(), Now.AddHours(3)).Entry!;

        Assert.Equal(("1", 3, Now), (ValueOf(undone), undone.Version, undone.CreatedAt));
        Assert.Equal(("2", 4), (ValueOf(redone), redone.Version));
    }

    [Fact]
    public void Undoing_the_first_store_deletes_and_undoing_a_deletion_brings_back()
    {
        var first = Store(null, "1");

        var gone = MemoryRules.Undo(first, Change(), Guid.NewGuid(), Now).Entry!;
        Assert.NotNull(gone.DeletedAt);
        var deleted = MemoryRules.Delete(first, Change(), Guid.NewGuid(), Now).Entry!;
        Assert.Null(deleted.Value);
        var back = MemoryRules.Undo(deleted, Change(), Guid.NewGuid(), Now).Entry!;
        Assert.Equal(("1", (DateTimeOffset?)null, 3), (ValueOf(back), back.DeletedAt, back.Version));
    }

    [Fact]
    public void What_has_no_change_to_undo_is_told_so()
    {
        Assert.Equal(404, MemoryRules.Undo(null, Change(), Guid.NewGuid(), Now).Problem!.Status);
        var expired = MemoryRules.Store(null, Put("1", ttl: 1), Guid.NewGuid(), Now).Entry!;
        Assert.Equal(409, MemoryRules.Undo(expired, Change(), Guid.NewGuid(), Now.AddSeconds(2)).Problem!.Status);
        var followed = Store(expired, "2", Now.AddMilliseconds(1));
        Assert.Equal(409, MemoryRules.Undo(followed, Change(), Guid.NewGuid(), Now.AddSeconds(2)).Problem!.Status);
    }

    [Theory]
    [InlineData("""{"category":"work"}""", "work")]
    [InlineData("""{"category":7}""", null)]
    [InlineData("""{"category":""}""", null)]
    [InlineData("{}", null)]
    public void The_category_is_a_text_of_the_metadata(string metadata, string? category) =>
        Assert.Equal(category, MemoryRules.CategoryOf(Encoding.UTF8.GetBytes(metadata)));
}
