using System.Net.Http.Headers;
using System.Text;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Errors;

/// <summary>Bodies that clients send by mistake or with intent. Unknown fields are accepted, wrong types are not.</summary>
public abstract class BodyTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : BodyTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : BodyTests(servers.OnPostgres);

    private const int Mebibyte = 1 << 20;

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"content\"")]
    [InlineData("{\"content\":\"a\",}")]
    [InlineData("{'content':'a'}")]
    [InlineData("{\"content\":\"a\"} trailing")]
    [InlineData("<content>a</content>")]
    public async Task A_body_that_is_no_JSON_object_is_invalid(string body)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages", body, Cancellation));
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages/stream", body, Cancellation));
    }

    [Theory]
    [InlineData("""{"model":5}""", "model")]
    [InlineData("""{"model":["offline"]}""", "model")]
    [InlineData("""{"context":"text"}""", "context")]
    [InlineData("""{"context":[1]}""", "context")]
    [InlineData("""{"title":{}}""", "title")]
    [InlineData("""{"systemPrompt":false}""", "systemPrompt")]
    [InlineData("""{"overlap":"sometimes"}""", "overlap")]
    [InlineData("""{"overlap":3}""", "overlap")]
    public async Task A_session_of_wrong_types_names_the_field(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", body, Cancellation), field);
    }

    [Theory]
    [InlineData("""{}""", "content")]
    [InlineData("""{"content":null}""", "content")]
    [InlineData("""{"content":""}""", "content")]
    [InlineData("""{"content":1}""", "content")]
    [InlineData("""{"content":{"text":"a"}}""", "content")]
    [InlineData("""{"content":"a","attachments":{}}""", "attachments")]
    [InlineData("""{"content":"a","attachments":["x"]}""", "attachments[0]")]
    [InlineData("""{"content":"a","attachments":[{"type":"file"}]}""", "attachments[0].path")]
    [InlineData("""{"content":"a","attachments":[{"type":"file","path":3}]}""", "attachments[0].path")]
    [InlineData("""{"content":"a","attachments":[{"type":"file","path":"/a"},{"type":"file","path":""}]}""", "attachments[1].path")]
    [InlineData("""{"content":"a","attachments":[{"path":"/a"}]}""", "attachments[0].type")]
    [InlineData("""{"content":"a","attachments":[{"type":"file","path":"/a"},{"type":"ftp","path":"/a"}]}""", "attachments[1].type")]
    [InlineData("""{"content":"a","overlap":"sometimes"}""", "overlap")]
    [InlineData("""{"content":"a","overlap":{}}""", "overlap")]
    public async Task A_message_of_wrong_types_names_the_field(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages", body, Cancellation), field);
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages/stream", body, Cancellation), field);
        Assert.Empty(await tenant.Client.HistoryAsync(id, Cancellation));
    }

    [Fact]
    public async Task Unknown_fields_are_accepted()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, """{"colour":"red","nested":{"a":[1]}}""");
        var response = await tenant.Client.PostAsync($"/api/sessions/{id}/messages", """{"content":"hello","mood":{"x":1}}""", Cancellation);
        Assert.Equal(200, response.Status);
    }

    [Theory]
    [InlineData("""{"content":"\ud800"}""")]
    [InlineData("""{"content":"a\udc00b"}""")]
    [InlineData("""{"content":"\udc00\ud800"}""")]
    public async Task A_lone_surrogate_is_invalid_content(string body)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages", body, Cancellation), "content");
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages/stream", body, Cancellation), "content");
    }

    [Theory]
    [InlineData("""{"title":"\ud800"}""")]
    [InlineData("""{"systemPrompt":"\udfff"}""")]
    [InlineData("""{"model":"\ud800"}""")]
    [InlineData("""{"context":{"name":"\ud800"}}""")]
    [InlineData("""{"context":{"\ud800":1}}""")]
    public async Task A_lone_surrogate_anywhere_else_is_invalid_too(string body)
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", body, Cancellation));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_invalid()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        using var content = new ByteArrayContent([.. "{\"content\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        ErrorAssert.IsInvalid(await tenant.Client.SendAsync(HttpMethod.Post, $"/api/sessions/{id}/messages", content, Cancellation));
    }

    [Fact]
    public async Task A_context_nested_without_end_is_invalid()
    {
        using var tenant = await NewTenantAsync();
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000);
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", $"{{\"context\":{nested}}}", Cancellation));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData(null)]
    public async Task A_body_that_is_not_declared_as_JSON_is_415(string? mediaType)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        foreach (var path in new[] { "/api/sessions", $"/api/sessions/{id}/messages", $"/api/sessions/{id}/messages/stream" })
        {
            using var content = new ByteArrayContent("{\"content\":\"hello\"}"u8.ToArray());
            content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);
            ErrorAssert.IsError(await tenant.Client.SendAsync(HttpMethod.Post, path, content, Cancellation), 415, "INVALID_REQUEST");
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_body_over_10_MiB_is_413(bool chunked, bool asksFirst)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var bytes = Encoding.UTF8.GetBytes($"{{\"content\":\"{new string('a', 11 * Mebibyte)}\"}}");
        using var content = new StreamContent(new MemoryStream(bytes));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentLength = chunked ? null : bytes.Length;
        var headers = new List<(string, string)>();
        if (chunked)
            headers.Add(("Transfer-Encoding", "chunked"));
        if (asksFirst)
            headers.Add(("Expect", "100-continue"));
        ErrorAssert.IsError(
            await tenant.Client.SendAsync(HttpMethod.Post, $"/api/sessions/{id}/messages", content, Cancellation, [.. headers]), 413, "INVALID_REQUEST");
    }

    [Fact]
    public async Task A_content_of_1_MiB_is_answered_and_kept_whole()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var text = new string('x', Mebibyte);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, text, Cancellation), 200);
        var history = await tenant.Client.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count);
        Assert.True(history[0].GetProperty("content").GetString() == text, "The content came back changed.");
    }

    [Fact]
    public async Task A_content_over_1_MiB_is_invalid()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.SendMessageAsync(id, new string('x', Mebibyte + 1), Cancellation), "content");
        ErrorAssert.IsInvalid(await tenant.Client.SendMessageAsync(id, new string('字', (Mebibyte / 3) + 1), Cancellation), "content");
    }

    [Theory]
    [InlineData("emoji 😀 👩‍👩‍👧 é e\u0301")]
    [InlineData("\"quotes\" \\ back/slash \t tab </script><!--")]
    [InlineData("line\r\nbreaks\n\ndata: x\n\nid: 99\n\nevent: done\n\n")]
    [InlineData("\u2028 \u2029 \ufeff \u200b \u202e ")]
    [InlineData("'; DROP TABLE session_event; --")]
    [InlineData("مرحبا 日本語 한국어 ไทย")]
    public async Task Any_text_comes_back_as_it_was_sent(string text)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using (var stream = await tenant.Client.StreamMessageAsync(id, text, Cancellation))
            await stream.ReadUntilAsync(frame => frame.Type == "done", Cancellation);
        Assert.Equal(text, (await tenant.Client.HistoryAsync(id, Cancellation))[0].GetProperty("content").GetString());
        var frames = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        Assert.Equal(text, frames.Single(frame => frame.Type == "message").Text("content"));
    }

    [Theory]
    [InlineData("""{"title":5}""", "title")]
    [InlineData("""{"context":"x"}""", "context")]
    [InlineData("""{"model":{}}""", "model")]
    public async Task A_change_of_wrong_types_names_the_field(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.PatchAsync($"/api/sessions/{id}", body, Cancellation), field);
    }
}
