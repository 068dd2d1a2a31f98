using OpenClaw.Contract.Tests.Browser;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 浏览器 API, with a page of this machine's in the place of the one on the Internet.</summary>
public sealed class BrowserReferenceTests(Servers servers) : BrowserTest(servers.OnSqlite)
{
    [Fact]
    public async Task 打开页面()
    {
        const string body = """
            {
              "url": "https://example.com"
            }
            """;

        var response = await Tenant.Client.PostAsync("/api/browser/open", body.Replace("https://example.com", Site.Url("/"), StringComparison.Ordinal), Cancellation);

        SessionCalls.Require(response, 200);
        Assert.Equal($$"""{"url":"{{Site.Url("/")}}","title":"Start","status":200}""", response.Body);
    }

    [Fact]
    public async Task 截图()
    {
        Site.Page("/tall", "<body style='margin:0'><div style='height:3000px;background:linear-gradient(red,blue)'></div>");
        await OpenAsync("/tall");

        var (type, png) = await TakeAsync("?fullPage=true");

        Assert.Equal(("image/png", (1280, 3000)), (type, SizeOf(png)));
    }

    [Fact]
    public async Task 执行脚本()
    {
        const string body = """
            {
              "script": "document.querySelector('#search').value = 'OpenClaw'"
            }
            """;
        Site.Page("/search", "<title>Search</title><input id=search>");
        await OpenAsync("/search");

        var response = await Tenant.Client.PostAsync("/api/browser/execute", body, Cancellation);

        SessionCalls.Require(response, 200);
        Assert.Equal("""{"result":"OpenClaw"}""", response.Body);
        Assert.Equal("\"OpenClaw\"", await RunAsync("document.querySelector('#search').value"));
    }
}
