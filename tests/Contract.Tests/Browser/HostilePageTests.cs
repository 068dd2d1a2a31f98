using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Browser;

/// <summary>Pages that do not load, do not answer, die, or take all they can: the answer is defined, and other tenants' pages go on.</summary>
public sealed class HostilePageTests(Servers servers) : BrowserTest(servers.OnSqlite)
{
    private TestTenant _other = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _other = await NewTenantAsync();
        SessionCalls.Require(await _other.Client.PostAsync("/api/browser/open", new { url = Site.Url("/") }, Cancellation), 200);
    }

    public override async ValueTask DisposeAsync()
    {
        await _other.Client.DeleteAsync("/api/browser", CancellationToken.None);
        _other.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_page_that_never_loads_is_an_error_and_what_there_is_of_it_stays()
    {
        Site.Map("/endless", async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<title>Endless</title><h1>So far</h1>" + new string(' ', 4096));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var opened = await PostAsync("/api/browser/open", new { url = Site.Url("/endless"), timeout = 700 });

        ErrorAssert.IsInvalid(opened, "timeout");
        Assert.Contains("So far", await SnapshotAsync(), StringComparison.Ordinal);
        SessionCalls.Require(await PostAsync("/api/browser/open", new { url = Site.Url("/endless"), waitUntil = "commit" }), 200);
        await AssertOtherGoesOnAsync();
    }

    [Fact]
    public async Task A_site_that_never_answers_is_an_error()
    {
        Site.Map("/silent", context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        ErrorAssert.IsInvalid(await PostAsync("/api/browser/open", new { url = Site.Url("/silent"), timeout = 500 }), "timeout");

        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
    }

    [Fact]
    public async Task A_page_that_does_not_answer_is_closed()
    {
        await OpenBusyAsync();

        var run = await PostAsync("/api/browser/execute", new { script = "1", timeout = 1000 });

        Assert.True(run.Status is 400 or 404 or 409, run.ToString());
        await AssertOtherGoesOnAsync();
        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
        Assert.Equal("2", await RunAsync("1 + 1"));
    }

    [Fact]
    public async Task A_page_that_does_not_answer_can_be_left()
    {
        await OpenBusyAsync();

        var running = PostAsync("/api/browser/execute", new { script = "1", timeout = 60_000 });
        var closed = await Tenant.Client.DeleteAsync("/api/browser", Cancellation);

        Assert.True(closed.Status is 200 or 404, closed.ToString());
        var ended = await running;
        Assert.True(ended.Status is 404 or 400, ended.ToString());
        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
    }

    [Fact]
    public async Task A_page_that_takes_all_memory_is_ended_alone()
    {
        await OpenAsync("/");

        var run = await PostAsync(
            "/api/browser/execute",
            new { script = "window.kept = []; for (;;) { kept.push(new Uint8Array(64 << 20).fill(1)); await new Promise(done => setTimeout(done)); }", timeout = 60_000 });

        Assert.True(run.Status is 409 or 404 or 400, run.ToString());
        await AssertOtherGoesOnAsync();
        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
    }

    [Fact]
    public async Task A_huge_page_is_cut()
    {
        Site.Page("/huge", $"<title>{new string('t', 5000)}</title><body style='margin:0'><div style='height:200000px;background:red'></div>{string.Concat(Enumerable.Range(0, 12_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"<p>Paragraph {i} of a very long page")))}");
        var page = await OpenAsync("/huge");

        var snapshot = await Tenant.Client.GetAsync("/api/browser/snapshot", Cancellation);

        Assert.Equal(1000, page.Text("title")!.Length);
        Assert.True(SessionCalls.Require(snapshot, 200).Json.GetProperty("truncated").GetBoolean());
        Assert.InRange(snapshot.Text("snapshot")!.Length, 500_000, 524_288);
        Assert.Equal((1280, 16_384), SizeOf((await TakeAsync("?fullPage=true")).Png));
    }

    [Fact]
    public async Task A_frame_that_does_not_load_does_not_hold_up_the_rest()
    {
        Site.Map("/silent", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        Site.Page("/framed", "<title>Framed</title><h1>Outside</h1><iframe src=/silent></iframe>");
        SessionCalls.Require(await PostAsync("/api/browser/open", new { url = Site.Url("/framed"), waitUntil = "domcontentloaded" }), 200);

        Assert.Contains("Outside", await SnapshotAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_page_posts_and_logs_at_any_length_ends_nobody_elses()
    {
        Site.Map("/taken", context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted));
        await OpenAsync("/");

        await PostAsync(
            "/api/browser/execute",
            new { script = "const long = 'x'.repeat(64 << 20); console.log(long); await fetch('/taken', { method: 'POST', body: long }); window.name = long; location.href = '/?' + 'y'.repeat(1 << 20)", timeout = 60_000 });

        await AssertOtherGoesOnAsync();
        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
    }

    [Fact]
    public async Task Downloads_without_end_take_the_room_of_their_own_context_alone()
    {
        Site.Map("/endless.bin", async context =>
        {
            context.Response.ContentType = "application/octet-stream";
            var block = new byte[1 << 20];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        });
        await OpenAsync("/");

        var run = await PostAsync(
            "/api/browser/execute",
            new { script = "for (let i = 0; i < 20; i++) { const a = document.createElement('a'); a.href = '/endless.bin?' + i; a.download = 'x'; a.click(); await new Promise(done => setTimeout(done, 50)); }", timeout = 30_000 });

        SessionCalls.Require(run, 200);
        await AssertOtherGoesOnAsync();
        Assert.Equal("Start", (await OpenAsync("/")).Text("title"));
        var kept = await Tenant.Client.GetAsync("/api/files/list?path=/Downloads", Cancellation);
        Assert.Equal(0, SessionCalls.Require(kept, 200).Json.GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("const data = document.createElement('script'); data.type = 'text/plain'; data.textContent = 'z'.repeat(20 << 20); document.body.append(data)")]
    [InlineData("const field = document.createElement('input'); field.hidden = true; document.body.append(field); field.value = 'z'.repeat(20 << 20)")]
    [InlineData("const host = document.createElement('div'); document.body.append(host); host.attachShadow({ mode: 'open' }).innerHTML = '<b hidden>' + 'z'.repeat(20 << 20)")]
    [InlineData("const frame = document.createElement('iframe'); document.body.append(frame); frame.contentDocument.body.innerHTML = '<b hidden>' + 'z'.repeat(20 << 20)")]
    public async Task A_page_too_large_for_a_snapshot_says_so_and_goes_on(string script)
    {
        await OpenAsync("/");
        await RunAsync(script + "; 1");

        ErrorAssert.IsConflict(await Tenant.Client.GetAsync("/api/browser/snapshot", Cancellation));

        Assert.Equal("\"Welcome\"", await RunAsync("document.querySelector('h1').textContent"));
    }

    /// <summary>Opens a page whose scripts never come to an end; it answers nothing when this returns.</summary>
    private async Task OpenBusyAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Site.Map("/last", context =>
        {
            asked.TrySetResult();
            return Task.CompletedTask;
        });
        // The page waits for the answer to its last request without letting anything else in.
        Site.Page("/busy", """
            <title>Busy</title>
            <script>
              setTimeout(() => {
                const request = new XMLHttpRequest();
                request.open("GET", "/last", false);
                request.send();
                for (;;);
              }, 50);
            </script>
            """);
        await PostAsync("/api/browser/open", new { url = Site.Url("/busy"), timeout = 3000 });
        await asked.Task.WaitAsync(Cancellation);
    }

    private async Task AssertOtherGoesOnAsync()
    {
        var title = await _other.Client.PostAsync("/api/browser/execute", new { script = "document.title" }, Cancellation);
        Assert.Equal("Start", SessionCalls.Require(title, 200).Text("result"));
    }
}
