using System.Text.Json;
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
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var response = await tenant.Client.PostAsync($"/api/sessions/{id}/messages", SendBody, Cancellation);
        Assert.Equal(200, response.Status);
        Assert.Matches("^msg-[A-Za-z0-9]+$", response.Text("messageId"));
        var answer = response.Json.GetProperty("response");
        Assert.False(string.IsNullOrWhiteSpace(answer.GetProperty("content").GetString()));
        Assert.Equal(JsonValueKind.Array, answer.GetProperty("actions").ValueKind);
        Assert.Equal(0, answer.GetProperty("actions").GetArrayLength());
    }

    [Fact]
    public async Task The_message_stands_in_the_history_with_its_attachment()
    {
        using var tenant = await NewTenantAsync();
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
    }
}
