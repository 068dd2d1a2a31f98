using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 消息发送.</summary>
public abstract class MessageReferenceTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : MessageReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : MessageReferenceTests(servers.OnPostgres);

    private const string SendBody = """
        {
          "content": "帮我整理一下今天的会议记录",
          "attachments": [
            {
              "type": "file",
              "path": "/path/to/file.txt"
            }
          ]
        }
        """;

    [Fact]
    public async Task A_message_answers_its_id_its_content_and_its_actions()
    {
        using var tenant = await NewTenantAsync();
        await AttachAsync(tenant);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var response = await tenant.Client.PostAsync($"/api/sessions/{id}/messages", SendBody, Cancellation);
        Assert.Equal(200, response.Status);
        Assert.Matches("^msg-[A-Za-z0-9]+$", response.Text("messageId"));
        var answer = response.Json.GetProperty("response");
        Assert.False(string.IsNullOrWhiteSpace(answer.GetProperty("content").GetString()));
        Assert.StartsWith("我已经整理好了", answer.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("""[{"type":"file_created","path":"/Documents/meeting-notes.md"}]""", answer.GetProperty("actions").GetRawText());
        var notes = await tenant.Client.GetAsync("/api/files/read?path=/Documents/meeting-notes.md", Cancellation);
        Assert.Equal("# 会议记录\n\n## file.txt\n\n- 下午三点开会\n- 王芳负责发布\n", notes.Text("content"));
    }

    [Fact]
    public async Task The_message_stands_in_the_history_with_its_attachment()
    {
        using var tenant = await NewTenantAsync();
        await AttachAsync(tenant);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var sent = await tenant.Client.PostAsync($"/api/sessions/{id}/messages", SendBody, Cancellation);
        var history = await tenant.Client.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count);
        Assert.Equal("帮我整理一下今天的会议记录", history[0].GetProperty("content").GetString());
        var attachment = Assert.Single(history[0].GetProperty("attachments").EnumerateArray());
        Assert.Equal("file", attachment.GetProperty("type").GetString());
        Assert.Equal("/path/to/file.txt", attachment.GetProperty("path").GetString());
        Assert.Equal(sent.Text("messageId"), history[1].GetProperty("messageId").GetString());
        Assert.Equal(sent.Text("response", "content"), history[1].GetProperty("content").GetString());
        Assert.Equal(
            sent.Json.GetProperty("response").GetProperty("actions").GetRawText(), history[1].GetProperty("actions").GetRawText());
    }

    [Fact]
    public async Task An_attachment_that_is_not_there_is_refused_by_its_path()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);

        var missing = await tenant.Client.PostAsync($"/api/sessions/{id}/messages", SendBody, Cancellation);
        var directory = await tenant.Client.PostAsync(
            $"/api/sessions/{id}/messages", """{"content":"a","attachments":[{"type":"file","path":"/Documents"}]}""", Cancellation);
        var outside = await tenant.Client.PostAsync(
            $"/api/sessions/{id}/messages", """{"content":"a","attachments":[{"type":"file","path":"/../../etc/passwd"}]}""", Cancellation);

        Assert.All(new[] { missing, directory, outside }, response => ErrorAssert.IsInvalid(response, "attachments[0].path"));
        Assert.Empty(await tenant.Client.HistoryAsync(id, Cancellation));
    }

    private static async Task AttachAsync(TestTenant tenant) => SessionCalls.Require(
        await tenant.Client.PostAsync("/api/files/write", new { path = "/path/to/file.txt", content = "下午三点开会\n- 王芳负责发布\n" }, Cancellation), 200);
}
