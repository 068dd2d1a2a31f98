using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 会话管理, request by request.</summary>
public abstract class SessionReferenceTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SessionReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SessionReferenceTests(servers.OnPostgres);

    private const string CreateBody = """
        {
          "model": "claude-3-5-sonnet-20241022",
          "context": {
            "userId": "user-123"
          }
        }
        """;

    [Fact]
    public async Task Creating_a_session_answers_its_id_and_created()
    {
        using var tenant = await NewTenantAsync();
        var response = await tenant.Client.PostAsync("/api/sessions", CreateBody, Cancellation);
        Assert.Equal(201, response.Status);
        Assert.Matches("^sess-[A-Za-z0-9]+$", response.Text("sessionId"));
        Assert.Equal("created", response.Text("status"));
    }

    [Fact]
    public async Task A_session_can_be_got()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, CreateBody);
        var response = await tenant.Client.GetAsync($"/api/sessions/{id}", Cancellation);
        Assert.Equal(200, response.Status);
        Assert.Equal(id, response.Text("sessionId"));
        Assert.Equal("claude-3-5-sonnet-20241022", response.Text("model"));
        Assert.Equal("user-123", response.Text("context", "userId"));
    }

    [Fact]
    public async Task A_session_can_be_deleted()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, CreateBody);
        var response = await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation);
        Assert.Equal(200, response.Status);
        Assert.Equal(id, response.Text("sessionId"));
        Assert.Equal("deleted", response.Text("status"));
    }
}
