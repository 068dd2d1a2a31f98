using System.Text.Json;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 文件 API.</summary>
public abstract class FileReferenceTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : FileReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : FileReferenceTests(servers.OnPostgres);

    private const string WriteBody = """
        {
          "path": "/Documents/new-file.md",
          "content": "# Hello World"
        }
        """;

    [Fact]
    public async Task 写入文件_then_读取文件()
    {
        using var tenant = await NewTenantAsync();

        var written = await tenant.Client.PostAsync("/api/files/write", WriteBody, Cancellation);
        var read = await tenant.Client.GetAsync("/api/files/read?path=/Documents/new-file.md", Cancellation);

        Assert.Equal(200, written.Status);
        Assert.Equal(
            $$"""{"path":"/Documents/new-file.md","size":13,"etag":"{{written.Text("etag")}}","created":true}""", written.Body);
        Assert.Equal(200, read.Status);
        Shape.IsRecentTime(read.Json.GetProperty("modifiedAt"));
        Assert.Equal(
            $$"""{"path":"/Documents/new-file.md","content":"# Hello World","encoding":"utf-8","size":13,"modifiedAt":"{{read.Text("modifiedAt")}}","etag":"{{written.Text("etag")}}"}""",
            read.Body);
    }

    [Fact]
    public async Task 读取文件_that_is_not_there()
    {
        using var tenant = await NewTenantAsync();

        var read = await tenant.Client.GetAsync("/api/files/read?path=/Documents/notes.md", Cancellation);

        ErrorAssert.IsError(read, 404, "NOT_FOUND", "path");
    }

    [Fact]
    public async Task 列出目录()
    {
        using var tenant = await NewTenantAsync();
        await tenant.Client.PostAsync("/api/files/write", WriteBody, Cancellation);
        await tenant.Client.PostAsync("/api/files/write", """{"path":"/Documents/会议/记录.md","content":"x"}""", Cancellation);

        var listed = await tenant.Client.GetAsync("/api/files/list?path=/Documents", Cancellation);

        Assert.Equal(200, listed.Status);
        var times = listed.Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("modifiedAt").GetString()).ToArray();
        Assert.Equal(
            $$"""{"path":"/Documents","entries":[{"name":"new-file.md","path":"/Documents/new-file.md","type":"file","size":13,"modifiedAt":"{{times[0]}}"},{"name":"会议","path":"/Documents/会议","type":"directory","size":0,"modifiedAt":"{{times[1]}}"}],"nextCursor":null}""",
            listed.Body);
    }

    [Fact]
    public async Task 搜索文件()
    {
        using var tenant = await NewTenantAsync();
        await tenant.Client.PostAsync("/api/files/write", WriteBody, Cancellation);
        await tenant.Client.PostAsync("/api/files/write", """{"path":"/Documents/deep/er/b.md","content":"x"}""", Cancellation);
        await tenant.Client.PostAsync("/api/files/write", """{"path":"/Documents/c.txt","content":"x"}""", Cancellation);
        await tenant.Client.PostAsync("/api/files/write", """{"path":"/Projects/d.md","content":"x"}""", Cancellation);

        var found = await tenant.Client.GetAsync("/api/files/search?pattern=*.md&path=/Documents", Cancellation);

        Assert.Equal(200, found.Status);
        Assert.Equal(
            ["/Documents/deep/er/b.md", "/Documents/new-file.md"],
            found.Json.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.All(found.Json.GetProperty("files").EnumerateArray(), file => Shape.Has(file, "path", "size", "modifiedAt"));
        Assert.Equal(JsonValueKind.Null, found.Json.GetProperty("nextCursor").ValueKind);
    }
}
