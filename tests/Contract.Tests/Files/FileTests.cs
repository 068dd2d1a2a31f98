using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Files;

/// <summary>What the contract says of files beyond the reference's examples.</summary>
public abstract class FileTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : FileTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : FileTests(servers.OnPostgres);

    [Fact]
    public async Task Bytes_go_in_and_come_out_as_they_are()
    {
        using var tenant = await NewTenantAsync();
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        await WriteAsync(tenant, new { path = "/Downloads/图.png", content = Convert.ToBase64String(bytes), encoding = "base64" });
        var read = await tenant.Client.GetAsync(Read("/Downloads/图.png"), Cancellation);
        var raw = await tenant.Client.GetAsync(Read("/Downloads/图.png") + "&raw=true", Cancellation);
        var text = await tenant.Client.GetAsync(Read("/Downloads/图.png") + "&encoding=utf-8", Cancellation);

        Assert.Equal(("base64", Convert.ToBase64String(bytes)), (read.Text("encoding"), read.Text("content")));
        Assert.Equal("image/png", raw.ContentType);
        Assert.Equal("256", raw.Header("Content-Length"));
        Assert.Equal($"\"{read.Text("etag")}\"", raw.Header("ETag"));
        Assert.Equal("nosniff", raw.Header("X-Content-Type-Options"));
        Assert.Equal("sandbox", raw.Header("Content-Security-Policy"));
        Assert.StartsWith("attachment", raw.Header("Content-Disposition"), StringComparison.Ordinal);
        ErrorAssert.IsInvalid(text, "encoding");
    }

    [Fact]
    public async Task A_page_in_the_workspace_is_saved_not_shown()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant, new { path = "/Documents/a.html", content = "<script>alert(1)</script>" });

        var raw = await tenant.Client.GetAsync(Read("/Documents/a.html") + "&raw=true", Cancellation);

        Assert.Equal("<script>alert(1)</script>", raw.Body);
        Assert.StartsWith("attachment", raw.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("sandbox", raw.Header("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_range_of_text_ends_with_a_whole_character_and_says_where()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant, new { path = "/a.md", content = "会议记录" });

        var first = await tenant.Client.GetAsync(Read("/a.md") + "&offset=0&length=7", Cancellation);
        var rest = await tenant.Client.GetAsync(Read("/a.md") + $"&offset={first.Json.GetProperty("length").GetInt64()}", Cancellation);

        Assert.Equal(("会议", 6, 12), (first.Text("content"), first.Json.GetProperty("length").GetInt32(), first.Json.GetProperty("size").GetInt32()));
        Assert.Equal("记录", rest.Text("content"));
    }

    [Fact]
    public async Task A_file_larger_than_an_answer_is_read_in_pieces_or_raw()
    {
        using var tenant = await NewTenantAsync();
        var content = string.Concat(Enumerable.Repeat("0123456789abcde\n", 600_000));
        await WriteAsync(tenant, new { path = "/big.txt", content });

        var whole = await tenant.Client.GetAsync(Read("/big.txt"), Cancellation);
        var raw = await tenant.Client.GetAsync(Read("/big.txt") + "&raw=true", Cancellation);
        var middle = await tenant.Client.GetAsync(Read("/big.txt") + "&raw=true&offset=5000000&length=3000000", Cancellation);

        Assert.Equal(content.Length, whole.Text("content")!.Length);
        Assert.Equal(content, raw.Body);
        Assert.Equal(content.Substring(5_000_000, 3_000_000), middle.Body);
    }

    [Fact]
    public async Task A_write_that_expects_another_file_changes_nothing()
    {
        using var tenant = await NewTenantAsync();
        var first = await WriteAsync(tenant, new { path = "/a.txt", content = "1" });

        var second = await WriteAsync(tenant, new { path = "/a.txt", content = "2", ifMatch = first.Text("etag") });
        var stale = await tenant.Client.PostAsync("/api/files/write", new { path = "/a.txt", content = "3", ifMatch = first.Text("etag") }, Cancellation);

        Assert.False(second.Json.GetProperty("created").GetBoolean());
        ErrorAssert.IsError(stale, 409, "INVALID_REQUEST", "ifMatch");
        Assert.Equal("2", (await tenant.Client.GetAsync(Read("/a.txt"), Cancellation)).Text("content"));
    }

    [Fact]
    public async Task Files_are_moved_and_deleted()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant, new { path = "/a/b.txt", content = "b" });

        var moved = await tenant.Client.PostAsync("/api/files/move", new { from = "/a/b.txt", to = "/c/d.txt" }, Cancellation);
        var missing = await tenant.Client.PostAsync("/api/files/move", new { from = "/a/b.txt", to = "/c/e.txt" }, Cancellation);
        var taken = await tenant.Client.PostAsync("/api/files/move", new { from = "/a", to = "/c" }, Cancellation);
        var full = await tenant.Client.DeleteAsync("/api/files?path=/c", Cancellation);
        var deleted = await tenant.Client.DeleteAsync("/api/files?path=/c&recursive=true", Cancellation);
        var gone = await tenant.Client.DeleteAsync("/api/files?path=/c", Cancellation);

        Assert.Equal("""{"from":"/a/b.txt","to":"/c/d.txt"}""", moved.Body);
        ErrorAssert.IsError(missing, 404, "NOT_FOUND", "from");
        ErrorAssert.IsError(taken, 409, "INVALID_REQUEST", "to");
        ErrorAssert.IsError(full, 409, "INVALID_REQUEST", "path");
        Assert.Equal("""{"path":"/c","status":"deleted"}""", deleted.Body);
        ErrorAssert.IsNotFound(gone);
    }

    [Fact]
    public async Task Pages_of_a_list_are_the_whole_of_it()
    {
        using var tenant = await NewTenantAsync();
        for (var i = 0; i < 5; i++) await WriteAsync(tenant, new { path = $"/many/{i}.md", content = "text" });

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"/many/{i}.md"), await AllAsync("/api/files/list?path=/many&limit=2", "entries"));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"/many/{i}.md"), await AllAsync("/api/files/search?pattern=*.md&text=text&limit=2", "files"));
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync("/api/files/list?path=/many&cursor=x", Cancellation), "cursor");

        async Task<List<string>> AllAsync(string query, string items)
        {
            var paths = new List<string>();
            var page = await tenant.Client.GetAsync(query, Cancellation);
            while (true)
            {
                paths.AddRange(page.Json.GetProperty(items).EnumerateArray().Select(item => item.GetProperty("path").GetString()!));
                if (page.Text("nextCursor") is not { } cursor)
                    return paths;
                page = await tenant.Client.GetAsync($"{query}&cursor={cursor}", Cancellation);
            }
        }
    }

    [Theory]
    [InlineData("path=../etc/passwd")]
    [InlineData("path=/../../etc/passwd")]
    [InlineData("path=/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("path=/Documents/..%2f..%2fetc/passwd")]
    [InlineData("path=//etc/passwd")]
    [InlineData("path=/a%00.md")]
    [InlineData("path=C:%5CWindows")]
    [InlineData("path=file:///etc/passwd")]
    [InlineData("path=")]
    [InlineData("")]
    public async Task A_hostile_path_is_refused_on_every_route(string query)
    {
        using var tenant = await NewTenantAsync();
        var path = Uri.UnescapeDataString(query.Replace("path=", "", StringComparison.Ordinal));

        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/files/read?{query}", Cancellation), "path");
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/files/read?raw=true&{query}", Cancellation), "path");
        ErrorAssert.IsInvalid(await tenant.Client.DeleteAsync($"/api/files?recursive=true&{query}", Cancellation), "path");
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/files/write", new { path, content = "x" }, Cancellation), "path");
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/files/move", new { from = path, to = "/a" }, Cancellation), "from");
        if (path.Length == 0) return;
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/files/list?{query}", Cancellation), "path");
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/files/search?pattern=*&{query}", Cancellation), "path");
    }

    [Theory]
    [InlineData("""{"path":"/a"}""", "content")]
    [InlineData("""{"content":"x"}""", "path")]
    [InlineData("""{"path":"/a","content":5}""", "content")]
    [InlineData("""{"path":"/a","content":"%%%","encoding":"base64"}""", "content")]
    [InlineData("""{"path":"/a","content":"x","encoding":"latin1"}""", "encoding")]
    [InlineData("""{"path":"/a","content":"\ud800"}""", "content")]
    public async Task A_body_that_cannot_be_written_says_what_to_change(string body, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/files/write", body, Cancellation), field);
    }

    [Fact]
    public async Task A_tenants_storage_ends_where_its_limit_says()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(
            await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/limits", new { storageBytes = 1000 }, Cancellation), 200);
        await WriteAsync(tenant, new { path = "/a.txt", content = new string('a', 900) });

        var over = await tenant.Client.PostAsync("/api/files/write", new { path = "/b.txt", content = new string('b', 101) }, Cancellation);
        var fits = await tenant.Client.PostAsync("/api/files/write", new { path = "/b.txt", content = new string('b', 100) }, Cancellation);

        ErrorAssert.IsError(over, 413, "INVALID_REQUEST", "content");
        Assert.Equal(200, fits.Status);
        // Together they never held more than the limit, so what is deleted makes room again.
        SessionCalls.Require(await tenant.Client.DeleteAsync("/api/files?path=/a.txt", Cancellation), 200);
        await WriteAsync(tenant, new { path = "/c.txt", content = new string('c', 900) });
    }

    [Fact]
    public async Task File_operations_have_a_limit_of_their_own()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(
            await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/limits", new { filesPerMinute = 3 }, Cancellation), 200);
        await WriteAsync(tenant, new { path = "/a.txt", content = "a" });
        // Valid or not, it counts.
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync("/api/files/read?path=x", Cancellation));
        var last = await tenant.Client.GetAsync("/api/files/list", Cancellation);

        var refused = await tenant.Client.GetAsync(Read("/a.txt"), Cancellation);

        Assert.Equal(("3", "0"), (last.Header("RateLimit-Limit"), last.Header("RateLimit-Remaining")));
        ErrorAssert.IsRateLimited(refused, 3);
    }

    [Fact]
    public async Task A_write_under_a_key_is_done_once()
    {
        using var tenant = await NewTenantAsync();
        var body = new { path = "/a.txt", content = "once" };

        var first = await tenant.Client.PostAsync("/api/files/write", body, Cancellation, ("Idempotency-Key", "w1"));
        SessionCalls.Require(await tenant.Client.DeleteAsync("/api/files?path=/a.txt", Cancellation), 200);
        var again = await tenant.Client.PostAsync("/api/files/write", body, Cancellation, ("Idempotency-Key", "w1"));

        Assert.Equal(first.Body, again.Body);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync(Read("/a.txt"), Cancellation));
    }

    [Fact]
    public async Task Reading_needs_the_scope_read_and_changing_the_scope_write()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant, new { path = "/a.txt", content = "a" });
        var (_, readKey) = await tenant.CreateKeyAsync(["read"], Cancellation);
        var (_, writeKey) = await tenant.CreateKeyAsync(["write"], Cancellation);
        using var reader = tenant.ClientWith(readKey);
        using var writer = tenant.ClientWith(writeKey);

        Assert.Equal(200, (await reader.GetAsync(Read("/a.txt"), Cancellation)).Status);
        ErrorAssert.IsForbidden(await reader.PostAsync("/api/files/write", new { path = "/a.txt", content = "b" }, Cancellation));
        ErrorAssert.IsForbidden(await reader.PostAsync("/api/files/move", new { from = "/a.txt", to = "/b.txt" }, Cancellation));
        ErrorAssert.IsForbidden(await reader.DeleteAsync("/api/files?path=/a.txt", Cancellation));
        ErrorAssert.IsForbidden(await writer.GetAsync(Read("/a.txt"), Cancellation));
        ErrorAssert.IsForbidden(await writer.GetAsync("/api/files/list", Cancellation));
        ErrorAssert.IsForbidden(await writer.GetAsync("/api/files/search?pattern=*", Cancellation));
    }

    [Fact]
    public async Task A_tenant_sees_nothing_of_anothers_files()
    {
        using var owner = await NewTenantAsync();
        using var stranger = await NewTenantAsync();
        await WriteAsync(owner, new { path = "/Documents/secret.md", content = "the owner's secret" });

        ErrorAssert.IsNotFound(await stranger.Client.GetAsync(Read("/Documents/secret.md"), Cancellation));
        ErrorAssert.IsNotFound(await stranger.Client.DeleteAsync("/api/files?path=/Documents/secret.md", Cancellation));
        ErrorAssert.IsNotFound(await stranger.Client.PostAsync("/api/files/move", new { from = "/Documents/secret.md", to = "/mine.md" }, Cancellation));
        Assert.Empty((await stranger.Client.GetAsync("/api/files/list?path=/Documents", Cancellation)).Json.GetProperty("entries").EnumerateArray());
        Assert.Empty((await stranger.Client.GetAsync("/api/files/search?pattern=*&text=secret", Cancellation)).Json.GetProperty("files").EnumerateArray());
        await WriteAsync(stranger, new { path = "/Documents/secret.md", content = "another's" });
        Assert.Equal("the owner's secret", (await owner.Client.GetAsync(Read("/Documents/secret.md"), Cancellation)).Text("content"));
    }

    private static string Read(string path) => $"/api/files/read?path={Uri.EscapeDataString(path)}";

    private static async Task<ApiResponse> WriteAsync(TestTenant tenant, object body)
    {
        var written = await tenant.Client.PostAsync("/api/files/write", body, Cancellation);
        SessionCalls.Require(written, 200);
        return written;
    }
}
