using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>Actions that are a request: templates, and answers of every kind. The server may reach loopback. The database has no part in it.</summary>
public sealed class HttpActionTests(Servers servers) : SkillTest(servers.OnSqlite)
{
    [Fact]
    public async Task Templates_become_a_request()
    {
        await using var service = await ServiceDouble.StartAsync(_ => ServiceDouble.Answer.Of(201, new { done = true }), Cancellation);
        using var tenant = await NewTenantAsync();
        await WriteAsync(
            tenant.Client, "caller",
            ("SKILL.md", SkillFiles.Manifest("caller", "1.0.0", "CALLER_URL", "CALLER_KEY", "CALLER_NONE")),
            ("actions.json", """
                {"actions":[{"name":"call","runner":{
                  "type": "http",
                  "method": "PUT",
                  "url": "{{secrets.CALLER_URL}}/items/{{id}}",
                  "query": { "q": "{{q}}", "kind": "{{kind|every kind}}", "left-out": "{{nothing}}", "none": "{{secrets.CALLER_NONE}}" },
                  "headers": { "X-Key": "Key {{secrets.CALLER_KEY}}", "X-Left-Out": "{{nothing}}" },
                  "body": { "number": "{{number}}", "text": "it is {{number}}", "list": ["{{list}}"], "gone": "{{nothing}}", "all": "{{params}}", "fixed": true }
                }}]}
                """));
        Assert.Equal(200, (await TryInstallFolderAsync(tenant.Client, "caller")).Status);
        await SetSecretsAsync(tenant.Client, "caller", new { CALLER_URL = service.Address, CALLER_KEY = "k-1" });
        var parameters = JsonElement.Parse("""{"id":"a b/c?d#e%2f..","q":"你好&x=1","number":5,"list":{"deep":[1]}}""");

        var result = await ResultAsync(tenant.Client, "caller", "call", parameters);

        Assert.Equal("""{"done":true}""", result.GetRawText());
        var asked = Assert.Single(service.Requests);
        Assert.Equal("PUT", asked.Method);
        Assert.StartsWith("/items/a%20b%2Fc%3Fd%23e%252f..?", asked.Target, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("你好&x=1", "every kind"), (asked.Query("q"), asked.Query("kind")));
        Assert.Null(asked.Query("left-out"));
        Assert.Null(asked.Query("none"));
        Assert.Null(asked.Query("x"));
        Assert.Equal("Key k-1", asked.Header("X-Key"));
        Assert.Null(asked.Header("X-Left-Out"));
        var body = JsonElement.Parse($$"""
            { "number": 5, "text": "it is 5", "list": [ { "deep": [1] } ], "fixed": true, "all": {{parameters.GetRawText()}} }
            """);
        Assert.True(asked.Json is { } sent && JsonElement.DeepEquals(body, sent), asked.Body);
    }

    [Fact]
    public async Task A_parameter_cannot_leave_the_path_that_the_skill_asks()
    {
        await using var service = await ServiceDouble.StartAsync(_ => ServiceDouble.Answer.Of(200, new { done = true }), Cancellation);
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", SkillFiles.Get(service.Address + "/items/{{id}}/end"))));

        foreach (var id in new[] { "..", "../..", "@example.com", "\\..\\x" })
            await TryExecuteAsync(tenant.Client, "caller", new { action = "call", @params = new { id } });

        await ResultAsync(tenant.Client, "caller", "call", new { id = "x" });
        Assert.All(service.Requests, asked => Assert.StartsWith("/items/", asked.Target, StringComparison.Ordinal));
        Assert.Equal("/items/x/end", service.Requests.Last().Target);
    }

    [Fact]
    public async Task A_line_break_does_not_get_into_a_header()
    {
        await using var service = await ServiceDouble.StartAsync(_ => ServiceDouble.Answer.Of(200, new { done = true }), Cancellation);
        using var tenant = await NewTenantAsync();
        var runner = new { type = "http", url = service.Address, headers = new Dictionary<string, string> { ["X-Id"] = "{{id}}" } };
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", runner)));

        var executed = await TryExecuteAsync(tenant.Client, "caller", new { action = "call", @params = new { id = "a\r\nX-Evil: 1" } });

        Assert.True(executed.Status == 400 || executed.Text("status") == "failed", executed.ToString());
        Assert.Empty(service.Requests);
        await ResultAsync(tenant.Client, "caller", "call", new { id = "a" });
        Assert.Equal("a", Assert.Single(service.Requests).Header("X-Id"));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var service = await ServiceDouble.StartAsync(
            request => request.Path == "/from"
                ? new ServiceDouble.Answer(302, "") { Headers = new Dictionary<string, string> { ["Location"] = "/to" } }
                : ServiceDouble.Answer.Of(200, new { followed = true }),
            Cancellation);
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", SkillFiles.Get(service.Address + "/from"))));

        var error = await FailureAsync(tenant.Client, "caller", "call");

        Assert.Contains("302", error, StringComparison.Ordinal);
        Assert.Equal("/from", Assert.Single(service.Requests).Path);
    }

    [Fact]
    public async Task An_answer_has_1_MiB_at_most()
    {
        await using var service = await ServiceDouble.StartAsync(
            request => new ServiceDouble.Answer(200, "\"" + new string('x', request.Path == "/fits" ? 1_000_000 : 1_100_000) + "\""), Cancellation);
        using var tenant = await NewTenantAsync();
        await MakeAsync(
            tenant.Client, "caller",
            SkillFiles.Actions(
                SkillFiles.ActionOf("fits", SkillFiles.Get(service.Address + "/fits")), SkillFiles.ActionOf("flood", SkillFiles.Get(service.Address + "/flood"))));

        Assert.Equal(1_000_000, (await ResultAsync(tenant.Client, "caller", "fits")).GetString()!.Length);
        await FailureAsync(tenant.Client, "caller", "flood");
    }

    [Fact]
    public async Task An_answer_in_HTML_is_a_result_of_text()
    {
        const string page = "<!doctype html><title>标题</title><p>Not JSON.</p>";
        await using var service = await ServiceDouble.StartAsync(_ => new ServiceDouble.Answer(200, page, "text/html; charset=utf-8"), Cancellation);
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", SkillFiles.Get(service.Address))));

        Assert.Equal(page, (await ResultAsync(tenant.Client, "caller", "call")).GetString());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task An_answer_other_than_2xx_is_a_failure_that_names_it(int status)
    {
        await using var service = await ServiceDouble.StartAsync(_ => ServiceDouble.Answer.Of(status, new { message = "the moon is wrong" }), Cancellation);
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", SkillFiles.Get(service.Address))));

        Assert.Contains($"{status}", await FailureAsync(tenant.Client, "caller", "call"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_keeps_waiting_is_left_at_the_actions_time()
    {
        await using var service = await ServiceDouble.StartAsync(
            async (_, ended) =>
            {
                await Task.Delay(Timeout.Infinite, ended);
                return null;
            },
            Cancellation);
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", SkillFiles.Get(service.Address), timeoutSeconds: 1)));

        await FailureAsync(tenant.Client, "caller", "call", status: "timeout");
    }

    /// <summary>The server's setting opens loopback and private ranges, never these.</summary>
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fe80::1]/")]
    public async Task Link_local_and_metadata_addresses_are_refused_whatever_is_allowed(string url)
    {
        using var tenant = await NewTenantAsync();
        await MakeAsync(tenant.Client, "caller", SkillFiles.Actions(SkillFiles.ActionOf("call", SkillFiles.Get(url), timeoutSeconds: 5)));

        Assert.Matches("(?i)refus|private|public|allow|link-local|metadata", await FailureAsync(tenant.Client, "caller", "call"));
    }

    [Fact]
    public async Task A_secret_in_an_address_is_not_told_when_the_call_fails()
    {
        await using var service = await ServiceDouble.StartAsync(_ => new ServiceDouble.Answer(500, "broken", "text/plain"), Cancellation);
        using var tenant = await NewTenantAsync();
        await WriteAsync(
            tenant.Client, "caller",
            ("SKILL.md", SkillFiles.Manifest("caller", "1.0.0", "CALLER_KEY")),
            ("actions.json", SkillFiles.Actions(
                SkillFiles.ActionOf("answered", SkillFiles.Get(service.Address + "/{{secrets.CALLER_KEY}}")),
                SkillFiles.ActionOf("refused", SkillFiles.Get("http://127.0.0.1:1/{{secrets.CALLER_KEY}}")))));
        Assert.Equal(200, (await TryInstallFolderAsync(tenant.Client, "caller")).Status);
        await SetSecretsAsync(tenant.Client, "caller", new { CALLER_KEY = "k-31415926535" });

        foreach (var action in new[] { "answered", "refused" })
        {
            var executed = await ExecuteAsync(tenant.Client, "caller", action);
            Assert.Equal("failed", executed.Text("status"));
            Assert.DoesNotContain("k-31415926535", executed.Body, StringComparison.Ordinal);
        }

        Assert.Equal("/k-31415926535", Assert.Single(service.Requests).Path);
    }

    [Fact]
    public async Task The_web_is_searched_through_SearXNG()
    {
        await using var searxng = await ServiceDouble.StartAsync(ServiceDouble.SearXng(), Cancellation);
        using var tenant = await NewTenantAsync();
        await InstallAsync(tenant.Client, new { source = "builtin", name = "web-search" });
        await SetSecretsAsync(tenant.Client, "web-search", new { SEARXNG_URL = searxng.Address });

        var result = await ResultAsync(tenant.Client, "web-search", "search", new { query = "天气 & Orleans" });

        Assert.Equal(["天气 & Orleans 1", "天气 & Orleans 2"], result.GetProperty("results").EnumerateArray().Select(found => found.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Pages_are_found_in_Notion()
    {
        await using var notion = await ServiceDouble.StartAsync(ServiceDouble.Notion("ntn_key"), Cancellation);
        using var tenant = await NewTenantAsync();
        await InstallAsync(tenant.Client, new { source = "builtin", name = "notion" });
        await SetSecretsAsync(tenant.Client, "notion", new { NOTION_API_KEY = "ntn_key", NOTION_API_URL = notion.Address });

        var result = await ResultAsync(tenant.Client, "notion", "search", new { query = "会议" });

        Assert.Equal("page", Assert.Single(result.GetProperty("results").EnumerateArray()).GetProperty("object").GetString());
    }
}
