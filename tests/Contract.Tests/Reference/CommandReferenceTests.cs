using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 命令 API.</summary>
public abstract class CommandReferenceTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : CommandReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : CommandReferenceTests(servers.OnPostgres);

    [Fact]
    public async Task 执行命令()
    {
        const string body = """
            {
              "command": "ls -la",
              "cwd": "/Projects",
              "timeout": 30000
            }
            """;
        using var tenant = await NewTenantAsync();

        var response = await tenant.Client.PostAsync("/api/commands/execute", body, Cancellation);

        SessionCalls.Require(response, 200);
        Assert.Matches(@"\Atotal \d+\ndrwxr-xr-x +\d", response.Text("stdout"));
        var duration = response.Json.GetProperty("durationMs").GetInt64();
        Assert.EndsWith(
            $$""","stderr":"","exitCode":0,"timedOut":false,"truncated":false,"durationMs":{{duration}}}""", response.Body, StringComparison.Ordinal);
    }
}
