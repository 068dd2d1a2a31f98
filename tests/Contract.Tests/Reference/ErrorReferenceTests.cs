using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's sections 错误处理 and 错误码, in the language of the reference.</summary>
public abstract class ErrorReferenceTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ErrorReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ErrorReferenceTests(servers.OnPostgres);

    private static readonly (string, string) Chinese = ("Accept-Language", "zh-CN");

    [Fact]
    public async Task An_empty_content_answers_the_example_to_the_letter()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var response = await tenant.Client.SendMessageAsync(id, "", Cancellation, null, Chinese);
        ErrorAssert.IsInvalid(response, "content");
        var error = response.Json.GetProperty("error");
        Assert.Equal("请求参数无效", error.GetProperty("message").GetString());
        Assert.Equal("不能为空", error.GetProperty("details").GetProperty("reason").GetString());
        Assert.Contains("请求参数无效", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UNAUTHORIZED_is_未授权()
    {
        using var nobody = (await Servers.Quick).CreateClient(null);
        var response = await nobody.GetAsync("/api/sessions", Cancellation, Chinese);
        ErrorAssert.IsUnauthorized(response);
        Says("未授权", response);
    }

    [Fact]
    public async Task FORBIDDEN_is_权限不足()
    {
        using var tenant = await NewTenantAsync();
        var (_, key) = await tenant.CreateKeyAsync(["read"], Cancellation);
        using var reader = tenant.ClientWith(key);
        var response = await reader.PostAsync("/api/sessions", "{}", Cancellation, Chinese);
        ErrorAssert.IsForbidden(response);
        Says("权限不足", response);
    }

    [Fact]
    public async Task NOT_FOUND_is_资源不存在()
    {
        using var tenant = await NewTenantAsync();
        var response = await tenant.Client.GetAsync("/api/sessions/sess-none", Cancellation, Chinese);
        ErrorAssert.IsNotFound(response);
        Says("资源不存在", response);
    }

    [Theory]
    [InlineData("GET", "/api/sessions/sess-none")]
    [InlineData("DELETE", "/api/sessions/sess-none")]
    [InlineData("POST", "/api/sessions/sess-none/messages")]
    [InlineData("POST", "/api/sessions/sess-none/messages/stream")]
    public async Task Every_route_of_these_sections_answers_an_unknown_session_with_the_envelope(string method, string path)
    {
        using var tenant = await NewTenantAsync();
        using var content = method == "POST" ? new StringContent("{\"content\":\"你好\"}", null, "application/json") : null;
        ErrorAssert.IsNotFound(await tenant.Client.SendAsync(new HttpMethod(method), path, content, Cancellation));
    }

    private static void Says(string sentence, ApiResponse response)
    {
        var error = response.Json.GetProperty("error");
        Assert.StartsWith(sentence, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.String, error.GetProperty("requestId").ValueKind);
    }
}
