using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Contract.Tests.Turns;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Sessions;

public abstract class SessionListTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SessionListTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SessionListTests(servers.OnPostgres);

    [Fact]
    public async Task Sessions_are_listed_newest_first()
    {
        using var tenant = await NewTenantAsync();
        var ids = await CreateAsync(tenant, 5);
        var (listed, next) = await PageAsync(tenant, "");
        ids.Reverse();
        Assert.Equal(ids, listed);
        Assert.Null(next);
    }

    /// <summary>So many that some are created in one millisecond, the finest that a time shows.</summary>
    [Fact]
    public async Task Sessions_created_in_the_same_millisecond_keep_their_order()
    {
        using var tenant = await NewTenantAsync();
        var ids = await CreateAsync(tenant, 300);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var (page, next) = await PageAsync(tenant, "?limit=100" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"));
            seen.AddRange(page);
            cursor = next;
        }
        while (cursor is not null);

        ids.Reverse();
        Assert.Equal(ids, seen);
    }

    /// <summary>While a turn runs with another message behind it, and when both are over.</summary>
    [Fact]
    public async Task A_listed_session_says_what_the_session_itself_says()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var session = await tenant.Client.CreateSessionAsync(Cancellation, new { title = "会议", context = new { userId = "user-123" } });
        await using var running = await RunningTurn.StartAsync(tenant, session, CodeQuestion, Cancellation);
        await using var waiting = await tenant.Client.StreamMessageAsync(session, CodeQuestion, Cancellation);

        var active = await ListedAsync(tenant);
        Assert.Equal(running.TurnId, active.GetProperty("activeTurn").GetProperty("turnId").GetString());
        Assert.Equal(1, active.GetProperty("activeTurn").GetProperty("waiting").GetInt32());
        await AssertSameAsync(tenant, session, active);

        for (var turn = 0; turn < 2; turn++)
            await tenant.Client.PostAsync($"/api/sessions/{session}/cancel", "{}", Cancellation);
        var idle = await ListedAsync(tenant);
        Assert.Equal(JsonValueKind.Null, idle.GetProperty("activeTurn").ValueKind);
        await AssertSameAsync(tenant, session, idle);
    }

    [Fact]
    public async Task Pages_hold_every_session_once()
    {
        using var tenant = await NewTenantAsync();
        var ids = await CreateAsync(tenant, 7);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var (page, next) = await PageAsync(tenant, "?limit=3" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"));
            Assert.InRange(page.Count, 1, 3);
            seen.AddRange(page);
            cursor = next;
        }
        while (cursor is not null);

        ids.Reverse();
        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task Sessions_created_or_deleted_between_two_pages_shift_nothing()
    {
        using var tenant = await NewTenantAsync();
        var ids = await CreateAsync(tenant, 6);
        var (first, next) = await PageAsync(tenant, "?limit=3");
        await CreateAsync(tenant, 2);
        await tenant.Client.DeleteAsync($"/api/sessions/{ids[4]}", Cancellation);
        var (second, _) = await PageAsync(tenant, $"?limit=3&cursor={Uri.EscapeDataString(next!)}");
        Assert.Equal([ids[5], ids[4], ids[3]], first);
        Assert.Equal([ids[2], ids[1], ids[0]], second);
    }

    [Fact]
    public async Task An_entry_shows_the_session()
    {
        using var tenant = await NewTenantAsync();
        await tenant.Client.CreateSessionAsync(Cancellation, new { title = "标题" });
        var entry = await ListedAsync(tenant);
        Shape.Has(entry, "sessionId", "status", "model", "title", "createdAt", "updatedAt");
        Assert.Equal("标题", entry.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=99999999999999", "limit")]
    [InlineData("cursor=garbage", "cursor")]
    [InlineData("cursor=%00%ff", "cursor")]
    public async Task A_page_that_cannot_be_is_refused(string query, string field)
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/sessions?{query}", Cancellation), field);
    }

    private static async Task<JsonElement> ListedAsync(TestTenant tenant) =>
        Assert.Single((await tenant.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());

    /// <summary>All but <c>updatedAt</c>, which moves on while a turn is written.</summary>
    private static async Task AssertSameAsync(TestTenant tenant, string session, JsonElement listed)
    {
        var itself = (await tenant.Client.GetSessionAsync(session, Cancellation)).Json;
        Assert.Equal(Members(itself), Members(listed));

        static IEnumerable<string> Members(JsonElement json) =>
            json.EnumerateObject().Where(member => member.Name != "updatedAt").Select(member => $"{member.Name}: {member.Value.GetRawText()}");
    }

    private static async Task<List<string>> CreateAsync(TestTenant tenant, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
            ids.Add(await tenant.Client.CreateSessionAsync(Cancellation));
        return ids;
    }

    private static async Task<(List<string> Ids, string? Next)> PageAsync(TestTenant tenant, string query)
    {
        var page = SessionCalls.Require(await tenant.Client.GetAsync("/api/sessions" + query, Cancellation), 200).Json;
        Assert.True(page.GetProperty("nextCursor").ValueKind is JsonValueKind.Null or JsonValueKind.String);
        return ([.. page.GetProperty("sessions").EnumerateArray().Select(entry => entry.GetProperty("sessionId").GetString()!)],
            page.GetProperty("nextCursor").GetString());
    }
}
