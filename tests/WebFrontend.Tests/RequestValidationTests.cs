using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class RequestValidationTests
{
    private const string Messages = $"/api/sessions/{FrontendHost.SessionId}/messages";
    private const string Stream = $"/api/sessions/{FrontendHost.SessionId}/messages/stream";

    public static TheoryData<string, string, string> WrongMessages => new()
    {
        { "{}", "content", "must not be empty" },
        { "", "content", "must not be empty" },
        { """{"content":null}""", "content", "must not be empty" },
        { """{"content":" \n"}""", "content", "must not be empty" },
        { """{"content":5}""", "content", "must be a string, not a number" },
        { """{"content":["a"]}""", "content", "must be a string, not an array" },
        { """{"content":true}""", "content", "must be a string, not a boolean" },
        { """{"content":"\ud800"}""", "content", "must be valid Unicode text; it holds half of a surrogate pair" },
        { """{"content":"a\udc00b"}""", "content", "must be valid Unicode text; it holds half of a surrogate pair" },
        { """{"content":"a","attachments":{}}""", "attachments", "must be an array, not an object" },
        { """{"content":"a","attachments":[1]}""", "attachments[0]", "must be an object, not a number" },
        { """{"content":"a","attachments":[{"type":"file","path":"/a"},{"type":"file","path":5}]}""", "attachments[1].path", "must be a string, not a number" },
        { """{"content":"a","attachments":[{"path":"/a"}]}""", "attachments[0].type", "must not be empty" },
        { """{"content":"a","attachments":[{"type":"url","path":"/a"}]}""", "attachments[0].type", "must be one of: file" },
        { """{"content":"a","attachments":[{"type":"file"}]}""", "attachments[0].path", "must not be empty" },
        { """{"content":"a","attachments":[{"type":"file","path":"a.txt"}]}""", "attachments[0].path", "must be an absolute path in the workspace, such as /Documents/notes.md" },
        { """{"content":"a","attachments":[{"type":"file","path":"/\u0000"}]}""", "attachments[0].path", "must not hold the character U+0000" },
        { """{"content":"a","overlap":"later"}""", "overlap", "must be one of: enqueue, reject, interrupt, rollback, steer, merge" },
        { """{"content":"a","overlap":1}""", "overlap", "must be a string, not a number" },
        { "[]", "body", "must be an object, not an array" },
        { "null", "body", "must be an object, not null" },
        { """{"content":"a",}""", "body", "the body is not valid JSON, or is nested deeper than 64 levels (line 1, byte 16)" },
        { "{\"content\":\n\"a", "body", "the body is not valid JSON, or is nested deeper than 64 levels (line 2, byte 3)" },
        { """{"content":"a"} x""", "body", "the body is not valid JSON, or is nested deeper than 64 levels (line 1, byte 17)" },
    };

    [Theory]
    [MemberData(nameof(WrongMessages))]
    public async Task A_wrong_message_is_refused_with_the_path_and_what_to_change(string body, string field, string reason)
    {
        await using var host = await FrontendHost.StartAsync();

        foreach (var path in new[] { Messages, Stream })
        {
            var answer = await host.SendAsync(HttpMethod.Post, path, body);

            Assert.Equal(400, answer.Status);
            Assert.Equal((field, reason), ((string?)answer.Error["details"]!["field"], (string?)answer.Error["details"]!["reason"]));
        }

        Assert.Empty(host.Session.Sent);
        Assert.Equal(2, host.Limit.Acquired);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused()
    {
        await using var host = await FrontendHost.StartAsync();
        using var request = FrontendHost.Request(HttpMethod.Post, Messages, key: null);
        request.Content = new ByteArrayContent([.. "{\"content\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        var answer = await host.SendAsync(request);

        Assert.Equal((400, "body"), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Fact]
    public async Task A_content_of_one_mebibyte_passes_and_one_byte_more_does_not()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Feed.End();
        host.Session.Answer = MessagesApiTests.Answered;
        var content = new string('中', 349525) + "a";

        var fits = await host.SendAsync(HttpMethod.Post, Messages, $$"""{"content":"{{content}}"}""");
        var tooLong = await host.SendAsync(HttpMethod.Post, Messages, $$"""{"content":"{{content}}a"}""");

        Assert.Equal(200, fits.Status);
        Assert.Equal(content, Assert.Single(host.Session.Sent).Content);
        Assert.Equal((400, "must not be longer than 1048576 bytes of UTF-8"), (tooLong.Status, (string?)tooLong.Error["details"]!["reason"]));
    }

    [Fact]
    public async Task Unknown_members_are_accepted_and_the_last_of_two_counts()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Feed.End();
        host.Session.Answer = MessagesApiTests.Answered;

        var answer = await host.SendAsync(HttpMethod.Post, Messages, """{"x":{"content":1},"content":"first","content":"last","attachments":[{"type":"file","path":"/a.txt","y":1}],"overlap":"steer"}""");

        Assert.Equal(200, answer.Status);
        var sent = Assert.Single(host.Session.Sent);
        Assert.Equal(("last", OverlapRule.Steer, new Attachment("file", "/a.txt")), (sent.Content, sent.Overlap, Assert.Single(sent.Attachments)));
    }

    public static TheoryData<string, string> WrongSessions => new()
    {
        { """{"model":""}""", "model" },
        { $$"""{"model":"{{new string('m', 201)}}"}""", "model" },
        { """{"model":{}}""", "model" },
        { """{"context":[]}""", "context" },
        { """{"context":"x"}""", "context" },
        { """{"context":{"a":[{},{"b":"\ud83d"}]}}""", "context.a[1].b" },
        { """{"context":{"a":{"\ud83d":1}}}""", "context.a" },
        { """{"\ud83d\u0063ontext":1}""", "body" },
        { $$$"""{"context":{"a":"{{{new string('x', 64 * 1024)}}}"}}""", "context" },
        { $$"""{"title":"{{new string('t', 201)}}"}""", "title" },
        { $$"""{"systemPrompt":"{{new string('中', 22000)}}"}""", "systemPrompt" },
        { """{"overlap":"x"}""", "overlap" },
    };

    [Theory]
    [MemberData(nameof(WrongSessions))]
    public async Task A_wrong_session_is_refused_with_the_path(string body, string field)
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Post, "/api/sessions", body);

        Assert.Equal((400, field), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=abc", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("order=up", "order")]
    public async Task A_wrong_query_is_refused_with_its_name(string query, string field)
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Get, $"{Messages}?{query}");

        Assert.Equal((400, field), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Theory]
    [InlineData("sess_1")]
    [InlineData("a%2Fb")]
    [InlineData("%E4%B8%AD")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task An_id_that_no_session_can_have_is_not_found(string id)
    {
        await using var host = await FrontendHost.StartAsync();

        foreach (var (method, tail) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Patch, ""), (HttpMethod.Get, "/stream"), (HttpMethod.Get, "/messages"), (HttpMethod.Post, "/messages"), (HttpMethod.Post, "/cancel") })
        {
            var answer = await host.SendAsync(method, $"/api/sessions/{id}{tail}", method == HttpMethod.Get ? null : """{"content":"a"}""");

            Assert.Equal((404, "NOT_FOUND"), (answer.Status, (string?)answer.Error["code"]));
        }

        Assert.Single(host.Sessions);
    }
}
