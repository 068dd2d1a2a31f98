using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Errors;

/// <summary>Whatever goes wrong on whatever route, the answer is the reference's envelope.</summary>
public abstract class EnvelopeTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : EnvelopeTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : EnvelopeTests(servers.OnPostgres);

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("POST", "/api/nothing")]
    [InlineData("GET", "/api/sessions/sess-x/nothing")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/nothing/at/all.html")]
    [InlineData("DELETE", "/api/admin/nothing")]
    public async Task An_unknown_route_is_not_found(string method, string path)
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        using var content = method == "POST" ? new StringContent("{}", null, "application/json") : null;
        ErrorAssert.IsNotFound(await admin.SendAsync(new HttpMethod(method), path, content, Cancellation));
    }

    [Theory]
    [InlineData("DELETE", "/api/sessions")]
    [InlineData("PUT", "/api/sessions")]
    [InlineData("POST", "/api/sessions/sess-x")]
    [InlineData("PUT", "/api/sessions/sess-x/messages")]
    [InlineData("GET", "/api/sessions/sess-x/messages/stream")]
    [InlineData("POST", "/api/sessions/sess-x/stream")]
    [InlineData("GET", "/api/sessions/sess-x/cancel")]
    [InlineData("PATCH", "/api/admin/tenants")]
    [InlineData("POST", "/api/usage")]
    public async Task A_wrong_method_is_405_and_names_the_right_ones(string method, string path)
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        using var content = method == "GET" ? null : new StringContent("{}", null, "application/json");
        var response = await admin.SendAsync(new HttpMethod(method), path, content, Cancellation);
        ErrorAssert.IsError(response, 405, "INVALID_REQUEST");
        Assert.False(string.IsNullOrEmpty(response.Header("Allow")));
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", true)]
    [InlineData("zh", true)]
    [InlineData("zh-TW", true)]
    [InlineData("en;q=0.5, zh;q=0.9", true)]
    [InlineData("fr, zh;q=0.9, en;q=0.1", true)]
    [InlineData("en, zh;q=0.5", false)]
    [InlineData("en-US", false)]
    [InlineData("fr", false)]
    [InlineData("zh;q=0, en", false)]
    [InlineData(null, false)]
    [InlineData(";;;garbage===,", false)]
    public async Task The_message_speaks_the_language_that_the_client_prefers(string? acceptLanguage, bool chinese)
    {
        using var tenant = await NewTenantAsync();
        (string, string)[] headers = acceptLanguage is null ? [] : [("Accept-Language", acceptLanguage)];
        var response = await tenant.Client.PostAsync("/api/sessions", """{"model":5}""", Cancellation, headers);
        ErrorAssert.IsInvalid(response, "model");
        Assert.Equal(chinese, HasChinese(response.Text("error", "message")!));
        Assert.Equal(chinese, HasChinese(response.Text("error", "details", "reason")!));
    }

    [Fact]
    public async Task Every_failure_has_a_request_id_of_its_own()
    {
        using var tenant = await NewTenantAsync();
        var first = await tenant.Client.GetAsync("/api/sessions/sess-none", Cancellation);
        var second = await tenant.Client.GetAsync("/api/sessions/sess-none", Cancellation);
        ErrorAssert.IsNotFound(first);
        ErrorAssert.IsNotFound(second);
        Assert.NotEqual(first.Text("error", "requestId"), second.Text("error", "requestId"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("sess-%E4%BD%A0%E5%A5%BD")]
    [InlineData("sess-a%2Fb")]
    [InlineData("sess-..%2F..%2Fx")]
    [InlineData("sess-%27%20OR%201=1--")]
    [InlineData("SESS-ABC")]
    public async Task A_strange_session_id_is_one_that_does_not_exist(string id)
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsNotFound(await tenant.Client.GetSessionAsync(id, Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.SendMessageAsync(id, "hello", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync($"/api/sessions/{id}/stream", Cancellation));
    }

    [Fact]
    public async Task A_session_id_of_a_thousand_characters_is_one_that_does_not_exist()
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsNotFound(await tenant.Client.GetSessionAsync("sess-" + new string('a', 1000), Cancellation));
    }

    private static bool HasChinese(string text) => text.Any(character => character is >= '\u4e00' and <= '\u9fff');
}
