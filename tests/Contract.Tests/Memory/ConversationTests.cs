using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>A conversation that remembers, knows and forgets, with the built-in model.</summary>
public abstract class ConversationTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ConversationTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ConversationTests(servers.OnPostgres);

    private const string Remember = "remember that my favourite colour is teal";
    private const string Ask = "what do you know about favourite colour";

    [Theory]
    [InlineData(Remember, "favourite colour", "teal")]
    [InlineData("记住我喜欢喝乌龙茶", "乌龙茶", "喜欢喝")]
    public async Task What_a_conversation_remembers_is_in_the_memory_with_its_source(string wish, string query, string fact)
    {
        using var tenant = await NewTenantAsync();
        var id = await SessionAsync(tenant.Client);

        var key = await RememberAsync(tenant.Client, id, wish);

        var found = Assert.Single(await SearchAsync(tenant.Client, query));
        Assert.Equal(key, KeyOf(found));
        Assert.Contains(fact, found.GetProperty("value").GetRawText(), StringComparison.Ordinal);
        var entry = await EntryAsync(tenant.Client, key);
        Assert.Equal(found.GetProperty("value").GetRawText(), entry.GetProperty("value").GetRawText());
        var source = entry.GetProperty("source");
        Assert.Equal(("session", id), (source.GetProperty("type").GetString(), source.GetProperty("sessionId").GetString()));
        Assert.False(string.IsNullOrEmpty(source.GetProperty("turnId").GetString()));
    }

    [Theory]
    [InlineData(Remember, Ask, "teal")]
    [InlineData("记住我喜欢喝乌龙茶", "关于乌龙茶你知道什么", "喜欢喝")]
    public async Task What_one_conversation_remembers_another_knows(string wish, string question, string fact)
    {
        using var tenant = await NewTenantAsync();
        var before = await AnswerAsync(tenant.Client, question);
        await RememberAsync(tenant.Client, await SessionAsync(tenant.Client), wish);

        var after = await AnswerAsync(tenant.Client, question);

        Assert.DoesNotContain(fact, before, StringComparison.Ordinal);
        Assert.Contains(fact, after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Remember, "forget that my favourite colour is teal", Ask, "teal")]
    [InlineData("记住我喜欢喝乌龙茶", "忘记我喜欢喝乌龙茶", "关于乌龙茶你知道什么", "喜欢喝")]
    public async Task What_is_to_be_forgotten_is_known_no_more(string wish, string forget, string question, string fact)
    {
        using var tenant = await NewTenantAsync();
        var key = await RememberAsync(tenant.Client, await SessionAsync(tenant.Client), wish);

        SessionCalls.Require(await tenant.Client.SendMessageAsync(await SessionAsync(tenant.Client), forget, Cancellation), 200);

        ErrorAssert.IsNotFound(await tenant.Client.GetAsync(AddressOf(key), Cancellation));
        Assert.Empty(await KeysAsync(tenant.Client));
        Assert.DoesNotContain(fact, await AnswerAsync(tenant.Client, question), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_conversation_did_to_the_memory_is_undone()
    {
        using var tenant = await NewTenantAsync();
        var id = await SessionAsync(tenant.Client);
        var key = await RememberAsync(tenant.Client, id, Remember);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "forget that my favourite colour is teal", Cancellation), 200);

        Assert.Equal("restored", (await UndoAsync(tenant.Client, key)).Text("status"));

        Assert.Contains("teal", await AnswerAsync(tenant.Client, Ask), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_client_stored_a_conversation_knows()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, new { key = "favourite-colour", value = "teal" });

        Assert.Contains("teal", await AnswerAsync(tenant.Client, Ask), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_shows_the_tools_and_what_was_stored()
    {
        using var tenant = await NewTenantAsync();
        var id = await SessionAsync(tenant.Client);
        await using var remembering = await tenant.Client.StreamMessageAsync(id, Remember, Cancellation);
        var stored = await remembering.ReadToEndAsync(Cancellation);
        await using var asking = await tenant.Client.StreamMessageAsync(id, Ask, Cancellation);
        var asked = await asking.ReadToEndAsync(Cancellation);

        Assert.Contains("memory_store succeeded", ToolsOf(stored));
        Assert.Contains("memory_search succeeded", ToolsOf(asked));
        var action = Assert.Single(stored, frame => frame.Type == "action").Json.GetProperty("action");
        Assert.Equal("memory_stored", action.GetProperty("type").GetString());
        Assert.Equal(KeyOf(action), Assert.Single(await KeysAsync(tenant.Client)));
        var answer = (await tenant.Client.HistoryAsync(id, Cancellation))[1];
        Assert.Equal(action.GetRawText(), Assert.Single(answer.GetProperty("actions").EnumerateArray()).GetRawText());

        static IEnumerable<string> ToolsOf(IEnumerable<StreamFrame> frames) =>
            frames.Where(frame => frame.Type == "tool").Select(frame => $"{frame.Text("name")} {frame.Text("status")}");
    }

    [Fact]
    public async Task Another_tenants_conversation_knows_nothing()
    {
        using var owner = await NewTenantAsync();
        using var stranger = await NewTenantAsync();
        await RememberAsync(owner.Client, await SessionAsync(owner.Client), Remember);

        Assert.DoesNotContain("teal", await AnswerAsync(stranger.Client, Ask), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_who_may_not_read_is_not_told()
    {
        using var tenant = await NewTenantAsync();
        await RememberAsync(tenant.Client, await SessionAsync(tenant.Client), Remember);
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["write"], Cancellation)).Key);

        Assert.DoesNotContain("teal", await AnswerAsync(writer, Ask), StringComparison.Ordinal);
    }

    private static Task<string> SessionAsync(ApiClient client) => client.CreateSessionAsync(Cancellation, new { model = "offline" });

    /// <summary>Sends the wish, whose turn stores one entry, and returns its key.</summary>
    private static async Task<string> RememberAsync(ApiClient client, string sessionId, string wish)
    {
        var answer = SessionCalls.Require(await client.SendMessageAsync(sessionId, wish, Cancellation), 200);
        Assert.Equal("stop", answer.Text("finishReason"));
        var action = Assert.Single(answer.Json.GetProperty("response").GetProperty("actions").EnumerateArray());
        Assert.Equal("memory_stored", action.GetProperty("type").GetString());
        return KeyOf(action);
    }

    /// <summary>What a conversation of its own answers.</summary>
    private static async Task<string> AnswerAsync(ApiClient client, string question)
    {
        var answer = SessionCalls.Require(await client.SendMessageAsync(await SessionAsync(client), question, Cancellation), 200);
        return answer.Text("response", "content")!;
    }
}
