using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Browser;

/// <summary>What a client does with pages.</summary>
public sealed class PageTests(Servers servers) : BrowserTest(servers.OnSqlite)
{
    private const string Form =
        """
        <title>Form</title>
        <form action=/found><label>Name <input name=q></label><select name=s aria-label=Fruit><option value=a>Apple<option value=b>Pear</select><button>Send</button></form>
        <button disabled>Not yet</button>
        <div onmouseover="document.title='hovered'" role=button aria-label=Target>x</div>
        """;

    [Fact]
    public async Task The_status_is_the_documents()
    {
        Site.Map("/gone", context =>
        {
            context.Response.StatusCode = 410;
            return context.Response.WriteAsync("gone");
        });

        Assert.Equal(410, (await OpenAsync("/gone")).Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_redirect_leads_to_where_it_leads()
    {
        Site.Redirect("/from", "/");

        Assert.Equal(Site.Url("/"), (await OpenAsync("/from")).Text("url"));
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("const a = 2; a * 21", "42")]
    [InlineData("return 5", "5")]
    [InlineData("await Promise.resolve({ a: [1, null, 'x'] })", """{"a":[1,null,"x"]}""")]
    [InlineData("new Promise(done => setTimeout(() => done('late'), 10))", "\"late\"")]
    [InlineData("document.querySelector('h1').textContent", "\"Welcome\"")]
    [InlineData("undefined", "null")]
    [InlineData("NaN", "null")]
    [InlineData("1n", "null")]
    [InlineData("-0", "0")]
    [InlineData("() => 1", "null")]
    [InlineData("const round = {}; round.round = round; round", "null")]
    [InlineData("JSON.stringify = () => 'no json {'; ({})", "null")]
    [InlineData("{ a: 1 };", """{"a":1}""")]
    [InlineData("// what it is\ndocument.title // its title", "\"Start\"")]
    [InlineData("const a = await Promise.resolve(4); return a + 1", "5")]
    [InlineData("function of(a) { return a; } of('statements')", "\"statements\"")]
    [InlineData("if (true) return 'early'; 'late'", "\"early\"")]
    [InlineData("Promise.prototype.then = done => done('x'.repeat(8 << 20)); 1", "1")]
    [InlineData("Object.prototype.then = done => done('other'); ({ a: 1 })", "\"other\"")]
    [InlineData("'雪\\ud800'", "\"雪\\ud800\"")]
    public async Task A_script_gives_its_value_as_JSON(string script, string value)
    {
        await OpenAsync("/");

        var result = await RunAsync(script);

        // A lone surrogate has no form in UTF-8.
        Assert.True(result == value || result == "\"雪\uFFFD\"" || result == "\"雪\\uFFFD\"", result);
    }

    [Theory]
    [InlineData("throw new Error('bad luck')", "Error: bad luck")]
    [InlineData("throw 'bad luck'", "bad luck")]
    [InlineData("throw { toString() { throw 1; } }", "threw something")]
    [InlineData("1)); throw 'out'; ((1", "SyntaxError")]
    [InlineData("Promise.reject(new TypeError('later'))", "TypeError: later")]
    [InlineData("missing.name", "ReferenceError: missing is not defined")]
    [InlineData("if (", "SyntaxError")]
    public async Task What_a_script_throws_is_told(string script, string message)
    {
        await OpenAsync("/");

        var error = ErrorAssert.IsError(await PostAsync("/api/browser/execute", new { script }), 400, "INVALID_REQUEST", "script");

        Assert.StartsWith(message, error.GetProperty("details").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("for (;;);")]
    [InlineData("await new Promise(() => {})")]
    public async Task A_script_that_does_not_end_is_ended_and_the_page_goes_on(string script)
    {
        await OpenAsync("/");

        ErrorAssert.IsInvalid(await PostAsync("/api/browser/execute", new { script, timeout = 300 }), "timeout");

        Assert.Equal("2", await RunAsync("1 + 1"));
    }

    [Fact]
    public async Task A_value_that_is_too_long_stays_in_the_page()
    {
        await OpenAsync("/");

        ErrorAssert.IsInvalid(await PostAsync("/api/browser/execute", new { script = "'x'.repeat(1024 * 1024)" }), "script");
        ErrorAssert.IsInvalid(await PostAsync("/api/browser/execute", new { script = "({ a: 'x'.repeat(1024 * 1024) })" }), "script");
        ErrorAssert.IsInvalid(await PostAsync("/api/browser/execute", new { script = "Promise.prototype.constructor = null; Promise.prototype.then = done => done('x'.repeat(64 << 20)); 'x'.repeat(64 << 20)" }), "script");
        await OpenAsync("/");
        Assert.Equal(1024 * 1024, (await RunAsync("'x'.repeat(1024 * 1024 - 2)")).Length);
        var thrown = ErrorAssert.IsError(await PostAsync("/api/browser/execute", new { script = "throw 'y'.repeat(64 << 20)" }), 400, "INVALID_REQUEST", "script");
        Assert.Equal(1000, thrown.GetProperty("details").GetProperty("reason").GetString()!.Length);
    }

    [Fact]
    public async Task A_script_that_leads_elsewhere_is_followed()
    {
        Site.Page("/next", "<title>Next</title>");
        await OpenAsync("/");

        await RunAsync("location.href = '/next'");

        Assert.Equal("\"Next\"", await RunAsync("document.title"));
    }

    [Fact]
    public async Task A_page_that_leads_elsewhere_without_end_can_be_left()
    {
        Site.Page("/away", "<title>Away</title><script>setInterval(() => location.href = '/elsewhere', 1)</script>").Page("/elsewhere", "<script>location.href = '/away'</script>");
        SessionCalls.Require(await PostAsync("/api/browser/open", new { url = Site.Url("/away"), waitUntil = "commit" }), 200);

        // Whichever of the two navigations comes last has won.
        var opened = await TryOpenAsync("/");
        Assert.True(opened.Status is 200 or 400, opened.ToString());

        SessionCalls.Require(await Tenant.Client.DeleteAsync("/api/browser", Cancellation), 200);
        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
    }

    [Fact]
    public async Task Elements_of_a_snapshot_are_acted_on()
    {
        Site.Page("/form", Form).Page("/found", "<title>Found</title><a href=/form>Back</a>");
        await OpenAsync("/form");
        var snapshot = await SnapshotAsync();

        SessionCalls.Require(await ActAsync(new { action = "type", @ref = RefOf(snapshot, "textbox"), text = "雪 & more" }), 200);
        SessionCalls.Require(await ActAsync(new { action = "select", @ref = RefOf(snapshot, "combobox"), value = "Pear" }), 200);
        Assert.Equal("hovered", SessionCalls.Require(await ActAsync(new { action = "hover", @ref = RefOf(snapshot, "Target") }), 200).Text("title"));
        var sent = SessionCalls.Require(await ActAsync(new { action = "press", @ref = RefOf(snapshot, "textbox"), key = "Enter" }), 200);

        Assert.Equal("Found", sent.Text("title"));
        Assert.EndsWith("/found?q=%E9%9B%AA+%26+more&s=b", sent.Text("url"), StringComparison.Ordinal);
        var back = SessionCalls.Require(await ActAsync(new { action = "click", @ref = RefOf(await SnapshotAsync(), "Back") }), 200);
        Assert.Equal("Form", back.Text("title"));
    }

    [Fact]
    public async Task What_cannot_be_done_says_why()
    {
        Site.Page("/form", Form);
        await OpenAsync("/form");
        var snapshot = await SnapshotAsync();
        var (text, fruit, disabled) = (RefOf(snapshot, "textbox"), RefOf(snapshot, "combobox"), RefOf(snapshot, "Not yet"));

        ErrorAssert.IsInvalid(await ActAsync(new { action = "click", @ref = "e9999" }), "ref");
        ErrorAssert.IsInvalid(await ActAsync(new { action = "click", @ref = "x' or '1" }), "ref");
        ErrorAssert.IsInvalid(await ActAsync(new { action = "click" }), "ref");
        // The names of the actions would do for a piece of SQL.
        var drag = await ActAsync(new { action = "drag", @ref = text });
        Assert.Equal((400, "action"), (drag.Status, drag.Text("error", "details", "field")));
        ErrorAssert.IsInvalid(await ActAsync(new { @ref = text }), "action");
        ErrorAssert.IsInvalid(await ActAsync(new { action = "type", @ref = text }), "text");
        ErrorAssert.IsInvalid(await ActAsync(new { action = "type", @ref = disabled, text = "x" }), "ref");
        ErrorAssert.IsInvalid(await ActAsync(new { action = "press", key = "Nokey" }), "key");
        ErrorAssert.IsInvalid(await ActAsync(new { action = "select", @ref = fruit }), "value");
        ErrorAssert.IsInvalid(await ActAsync(new { action = "select", @ref = fruit, value = "Plum" }), "value");
        var error = ErrorAssert.IsError(await ActAsync(new { action = "click", @ref = disabled }), 400, "INVALID_REQUEST", "ref");
        Assert.Contains("disabled", error.GetProperty("details").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_of_the_window_the_page_or_an_element()
    {
        Site.Page("/boxes", "<body style='margin:0'><div id=a style='width:70px;height:30px;background:red'></div><div style='height:2000px'></div><div hidden id=h>x</div>");
        await OpenAsync("/boxes");

        Assert.Equal((1280, 800), SizeOf((await TakeAsync()).Png));
        Assert.Equal((1280, 2030), SizeOf((await TakeAsync("?fullPage=true")).Png));
        Assert.Equal((70, 30), SizeOf((await TakeAsync("?selector=%23a")).Png));
        foreach (var selector in new[] { "%23missing", "%23h", "[[", "a>>>" })
            ErrorAssert.IsInvalid(await Tenant.Client.GetAsync($"/api/browser/screenshot?selector={selector}", Cancellation), "selector");
        ErrorAssert.IsInvalid(await Tenant.Client.GetAsync("/api/browser/screenshot?fullPage=maybe", Cancellation), "fullPage");
    }

    [Fact]
    public async Task A_page_that_is_opened_beside_another_is_the_one_that_is_meant()
    {
        Site.Page("/opener", "<title>Opener</title><a href=/ target=_blank>Beside</a>");
        await OpenAsync("/opener");

        var clicked = await ActAsync(new { action = "click", @ref = RefOf(await SnapshotAsync(), "Beside") });

        Assert.Equal("Start", SessionCalls.Require(clicked, 200).Text("title"));
        ErrorAssert.IsConflict(await PostAsync("/api/browser/execute", new { script = "window.close(); await new Promise(() => {})" }));
        Assert.Equal("\"Opener\"", await RunAsync("document.title"));
    }

    [Fact]
    public async Task A_page_cannot_open_pages_without_end()
    {
        await OpenAsync("/");

        var opened = await RunAsync("let opened = 0; for (let i = 0; i < 30; i++) opened += window.open('/') ? 1 : 0; opened");
        var clicked = await RunAsync("let clicked = 0; document.onclick = () => { for (let i = 0; i < 30; i++) clicked += window.open('/') ? 1 : 0 }; document.body.click(); clicked");

        Assert.InRange(int.Parse(opened, null) + int.Parse(clicked, null), 0, 16);
        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
    }

    [Fact]
    public async Task A_page_that_asks_is_answered_with_cancel()
    {
        Site.Page("/asking", "<title>Asking</title><script>alert('hello'); document.title = [confirm('sure?'), prompt('name?')].join()</script>");

        var page = await OpenAsync("/asking");

        Assert.Equal("false,", page.Text("title"));
    }

    [Fact]
    public async Task What_a_page_gives_to_be_saved_goes_to_the_workspace()
    {
        Site.Map("/report", context =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=\"../../etc/report.csv\"";
            return context.Response.WriteAsync("a,b\n1,2\n");
        });
        Site.Page("/list", "<title>List</title><a href=/report>Report</a>");

        using var other = await NewTenantAsync();
        SessionCalls.Require(await other.Client.PostAsync("/api/browser/open", new { url = Site.Url("/") }, Cancellation), 200);
        var opened = await OpenAsync("/report");
        await OpenAsync("/list");
        var clicked = SessionCalls.Require(await ActAsync(new { action = "click", @ref = RefOf(await SnapshotAsync(), "Report") }), 200);

        Assert.True(opened.Body.Contains("\"path\"", StringComparison.Ordinal), opened.Body);
        Assert.True(clicked.Body.Contains("\"path\"", StringComparison.Ordinal), clicked.Body);
        var first = opened.Json.GetProperty("downloads")[0].GetProperty("path").GetString()!;
        var second = clicked.Json.GetProperty("downloads")[0].GetProperty("path").GetString()!;
        Assert.Equal(JsonValueKind.Null, opened.Json.GetProperty("status").ValueKind);
        Assert.Matches(@"\A/Downloads/[^/]*report\.csv\z", first);
        Assert.Matches(@"\A/Downloads/[^/]*report \(1\)\.csv\z", second);
        var file = await Tenant.Client.GetAsync($"/api/files/read?path={Uri.EscapeDataString(second)}", Cancellation);
        Assert.Equal("a,b\n1,2\n", file.Text("content"));
    }

    [Fact]
    public async Task What_is_too_large_to_be_kept_is_told_of()
    {
        Site.Map("/large", async context =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=large.bin";
            var mebibyte = new byte[1024 * 1024];
            for (var i = 0; i < 11; i++) await context.Response.Body.WriteAsync(mebibyte);
        });

        var opened = await OpenAsync("/large");

        Assert.Equal("""[{"name":"large.bin","error":"the file is larger than 10 MiB"}]""", opened.Json.GetProperty("downloads").GetRawText());
    }

    [Fact]
    public async Task Sessions_and_tenants_share_nothing()
    {
        using var other = await NewTenantAsync();
        await OpenAsync("/");
        await RunAsync("document.cookie = 'secret=1'; localStorage.secret = 1");

        foreach (var (client, session) in new[] { (Tenant.Client, "second"), (other.Client, "default") })
        {
            SessionCalls.Require(await client.PostAsync("/api/browser/open", new { url = Site.Url("/"), session }, Cancellation), 200);
            var seen = await client.PostAsync("/api/browser/execute", new { script = "document.cookie + localStorage.secret", session }, Cancellation);
            Assert.Equal("undefined", SessionCalls.Require(seen, 200).Text("result"));
            Assert.Equal($$"""{"session":"{{session}}","status":"deleted"}""", (await client.DeleteAsync($"/api/browser?session={session}", Cancellation)).Body);
        }

        Assert.Equal("\"secret=11\"", await RunAsync("document.cookie + localStorage.secret"));
    }

    [Fact]
    public async Task Where_no_page_is_open_there_is_none()
    {
        ErrorAssert.IsNotFound(await Tenant.Client.GetAsync("/api/browser/screenshot", Cancellation));
        ErrorAssert.IsNotFound(await Tenant.Client.GetAsync("/api/browser/snapshot", Cancellation));
        ErrorAssert.IsNotFound(await PostAsync("/api/browser/execute", new { script = "1" }));
        ErrorAssert.IsNotFound(await ActAsync(new { action = "press", key = "Enter" }));
        ErrorAssert.IsNotFound(await Tenant.Client.DeleteAsync("/api/browser", Cancellation));
        await OpenAsync("/");
        SessionCalls.Require(await Tenant.Client.DeleteAsync("/api/browser", Cancellation), 200);
        ErrorAssert.IsNotFound(await Tenant.Client.GetAsync("/api/browser/snapshot", Cancellation));
    }

    [Theory]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":""}""", "url")]
    [InlineData("""{"url":5}""", "url")]
    [InlineData("""{"url":"example"}""", "url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "url")]
    [InlineData("""{"url":"data:text/html,x"}""", "url")]
    [InlineData("""{"url":"javascript:alert(1)"}""", "url")]
    [InlineData("""{"url":"http://user:secret@example.com"}""", "url")]
    [InlineData("""{"url":"http://169.254.169.254/latest/meta-data"}""", "url")]
    [InlineData("""{"url":"http://[::ffff:169.254.169.254]/"}""", "url")]
    [InlineData("""{"url":"http://2852039166/"}""", "url")]
    [InlineData("""{"url":"http://0/"}""", "url")]
    [InlineData("""{"url":"http://name.invalid/"}""", "url")]
    [InlineData("""{"url":"http://127.0.0.1:1/"}""", "url")]
    [InlineData("""{"url":"http://example.com","waitUntil":"forever"}""", "waitUntil")]
    [InlineData("""{"url":"http://example.com","timeout":0}""", "timeout")]
    [InlineData("""{"url":"http://example.com","timeout":60001}""", "timeout")]
    [InlineData("""{"url":"http://example.com","session":"a/b"}""", "session")]
    [InlineData("""{"url":"http://example.com","session":""}""", "session")]
    public async Task What_cannot_be_opened_says_why(string body, string field) =>
        ErrorAssert.IsInvalid(await Tenant.Client.PostAsync("/api/browser/open", body, Cancellation), field);

    [Fact]
    public async Task A_key_without_the_scope_opens_nothing()
    {
        var (_, key) = await Tenant.CreateKeyAsync(["read", "write"], Cancellation);
        using var client = Tenant.ClientWith(key);

        ErrorAssert.IsForbidden(await client.PostAsync("/api/browser/open", new { url = Site.Url("/") }, Cancellation));
        ErrorAssert.IsForbidden(await client.GetAsync("/api/browser/snapshot", Cancellation));
    }

    private Task<ApiResponse> ActAsync(object body) => PostAsync("/api/browser/act", body);
}
