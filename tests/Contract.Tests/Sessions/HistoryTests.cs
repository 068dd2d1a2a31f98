using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Sessions;

public abstract class HistoryTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : HistoryTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : HistoryTests(servers.OnPostgres);

    [Fact]
    public async Task A_message_shows_everything_the_contract_names()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var sent = await tenant.Client.SendMessageAsync(id, "你好", Cancellation);
        Shape.Has(sent.Json, "messageId", "response", "usage", "finishReason");
        Assert.Equal("stop", sent.Text("finishReason"));
        Assert.DoesNotContain("\\u", sent.Body, StringComparison.Ordinal);

        var history = await tenant.Client.HistoryAsync(id, Cancellation);
        Assert.Equal(["user", "assistant"], history.Select(message => message.GetProperty("role").GetString()));
        foreach (var message in history)
        {
            Shape.Has(message, "messageId", "role", "content", "actions", "attachments", "createdAt");
            Assert.Matches("^msg-[A-Za-z0-9]+$", message.GetProperty("messageId").GetString());
            Assert.Equal(JsonValueKind.Array, message.GetProperty("actions").ValueKind);
            Assert.Equal(JsonValueKind.Array, message.GetProperty("attachments").ValueKind);
            Shape.IsRecentTime(message.GetProperty("createdAt"));
        }
    }

    [Fact]
    public async Task An_empty_history_is_an_empty_page()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var page = (await tenant.Client.GetAsync($"/api/sessions/{id}/messages", Cancellation)).Json;
        Assert.Empty(page.GetProperty("messages").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("nextCursor").ValueKind);
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Pages_hold_every_message_once_in_either_order(string order)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var i = 0; i < 4; i++)
            SessionCalls.Require(await tenant.Client.SendMessageAsync(id, $"question {i}", Cancellation), 200);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var path = $"/api/sessions/{id}/messages?order={order}&limit=3" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            var page = SessionCalls.Require(await tenant.Client.GetAsync(path, Cancellation), 200).Json;
            var messages = page.GetProperty("messages").EnumerateArray().ToList();
            Assert.InRange(messages.Count, 1, 3);
            seen.AddRange(messages.Select(message => message.GetProperty("role").GetString() + message.GetProperty("content").GetString()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        if (order == "desc")
            seen.Reverse();
        Assert.Equal(8, seen.Count);
        Assert.Equal(["userquestion 0", "userquestion 1", "userquestion 2", "userquestion 3"], seen.Where((_, i) => i % 2 == 0));
        Assert.All(seen.Where((_, i) => i % 2 == 1), message => Assert.StartsWith("assistant", message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("order=sideways", "order")]
    [InlineData("cursor=garbage", "cursor")]
    public async Task A_page_that_cannot_be_is_refused(string query, string field)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/sessions/{id}/messages?{query}", Cancellation), field);
    }
}
