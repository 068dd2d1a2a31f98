using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Models;

/// <summary>Which model a session may name depends on the providers that are configured; creating one never calls out.</summary>
public sealed class RoutingTests(Servers servers) : ContractTest(servers.OnSqlite)
{
    /// <summary>Nobody listens there: a call would fail.</summary>
    private const string Nowhere = "http://127.0.0.1:9";

    [Fact]
    public async Task With_Anthropic_alone_only_its_models_have_a_route()
    {
        await using var server = await StartAsync(("ANTHROPIC_API_KEY", "k"), ("ANTHROPIC_BASE_URL", Nowhere));
        using var client = server.CreateAdminClient();
        var claude = await client.PostAsync("/api/sessions", new { model = "claude-3-5-sonnet-20241022" }, Cancellation);
        Assert.Equal(201, claude.Status);
        Assert.Equal("claude-3-5-sonnet-20241022", claude.Text("servedBy"));
        ErrorAssert.IsInvalid(await client.PostAsync("/api/sessions", new { model = "gpt-4o" }, Cancellation), "model");
        Assert.Equal("offline", (await client.PostAsync("/api/sessions", new { model = "offline" }, Cancellation)).Text("servedBy"));
        var unnamed = await client.PostAsync("/api/sessions", "{}", Cancellation);
        Assert.StartsWith("claude-", unnamed.Text("servedBy"), StringComparison.Ordinal);

        var id = claude.Text("sessionId");
        ErrorAssert.IsInvalid(await client.PatchAsync($"/api/sessions/{id}", new { model = "gpt-4o" }, Cancellation), "model");
    }

    [Fact]
    public async Task With_an_OpenAI_compatible_server_alone_every_name_goes_there()
    {
        await using var server = await StartAsync(("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", Nowhere));
        using var client = server.CreateAdminClient();
        foreach (var model in new[] { "gpt-4o", "llama3:8b", "claude-3-5-sonnet-20241022" })
        {
            var created = await client.PostAsync("/api/sessions", new { model }, Cancellation);
            Assert.Equal(201, created.Status);
            Assert.Equal(model, created.Text("servedBy"));
        }
    }

    [Fact]
    public async Task The_default_model_can_be_set()
    {
        await using var server = await StartAsync(("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", Nowhere), ("OpenClaw__DefaultModel", "my-model"));
        using var client = server.CreateAdminClient();
        Assert.Equal("my-model", (await client.PostAsync("/api/sessions", "{}", Cancellation)).Text("model"));
    }

    [Fact]
    public async Task Without_a_provider_any_name_is_accepted_and_served_by_offline()
    {
        using var tenant = await NewTenantAsync();
        foreach (var model in new[] { "gpt-4o", "claude-3-5-sonnet-20241022", "anything" })
        {
            var created = await tenant.Client.PostAsync("/api/sessions", new { model }, Cancellation);
            Assert.Equal(201, created.Status);
            Assert.Equal(model, created.Text("model"));
            Assert.Equal("offline", created.Text("servedBy"));
            Assert.Equal(200, (await tenant.Client.SendMessageAsync(created.Text("sessionId")!, "hello", Cancellation)).Status);
        }
    }

    [Fact]
    public async Task An_empty_model_is_refused()
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", new { model = "" }, Cancellation), "model");
    }

    private static Task<ServerProcess> StartAsync(params (string Name, string Value)[] environment) =>
        ServerProcess.StartAsync(
            new ServerSettings { Environment = environment.ToDictionary(entry => entry.Name, entry => entry.Value) }, Cancellation);
}
