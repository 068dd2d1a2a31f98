using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Cluster.Tests;

/// <summary>What a process is, by <c>OpenClaw__Role</c>.</summary>
public sealed class RoleTests : ClusterTest
{
    private static readonly ClusterLayout OneOfEach = new() { Silos = 1, Frontends = 1 };

    [Theory]
    [InlineData("frontend")]
    [InlineData("silo")]
    public async Task A_role_of_a_cluster_does_not_start_on_the_embedded_database(string role)
    {
        var settings = new ServerSettings { Environment = new Dictionary<string, string> { ["OpenClaw__Role"] = role } };
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(settings, Cancellation));
        Assert.Contains("OpenClaw:Role", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("OpenClaw:Database:Provider", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_role_is_refused_with_the_ones_there_are()
    {
        var settings = new ServerSettings { Environment = new Dictionary<string, string> { ["OpenClaw__Role"] = "master" } };
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(settings, Cancellation));
        Assert.Contains("'all', 'silo' or 'frontend'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Slow")]
    public async Task A_front_end_that_starts_before_any_silo_says_that_it_is_not_ready_and_then_serves()
    {
        await using var cluster = await ClusterProcesses.CreateAsync(OneOfEach);
        var frontend = cluster.Frontends[0];
        frontend.Process.Launch();
        using var client = cluster.CreateAdminClient();
        var early = await AnswerAsync(client, "/readyz");
        Assert.Equal(503, early.Status);
        Assert.Equal("INTERNAL_ERROR", early.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(200, (await client.GetAsync("/healthz", Cancellation)).Status);
        Assert.Equal(503, (await client.PostAsync("/api/sessions", "{}", Cancellation)).Status);

        cluster.Silos[0].Process.Launch();
        await cluster.WaitUntilReadyAsync(Cancellation);
        var sessionId = await client.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await client.SendMessageAsync(sessionId, "hello", Cancellation)).Status);
    }

    [Fact, Trait("Category", "Slow")]
    public async Task A_front_end_that_is_stopped_before_any_silo_has_started_ends_in_order()
    {
        await using var cluster = await ClusterProcesses.CreateAsync(OneOfEach);
        var frontend = cluster.Frontends[0].Process;
        frontend.Launch();
        using var client = cluster.CreateAdminClient();
        Assert.Equal(503, (await AnswerAsync(client, "/readyz")).Status);

        var exitCode = await frontend.StopAsync(Cancellation);
        Assert.True(exitCode == 0, $"It ended with {exitCode}.\n{frontend.Output}");
    }

    [Fact, Trait("Category", "Slow")]
    public async Task A_silo_serves_its_health_and_metrics_and_no_api()
    {
        await using var cluster = await ClusterProcesses.StartAsync(OneOfEach with { Frontends = 0 }, Cancellation);
        using var silo = cluster.Silos[0].CreateClient(cluster.AdminKey);
        Assert.Equal("ok", (await silo.GetAsync("/healthz", Cancellation)).Text("status"));
        var ready = await silo.GetAsync("/readyz", Cancellation);
        Assert.Equal("ready", ready.Text("status"));
        Assert.Equal("ok", ready.Json.GetProperty("checks").GetProperty("silo").GetString());
        Assert.Contains("# TYPE ", (await silo.GetAsync("/metrics", Cancellation)).Body, StringComparison.Ordinal);
        Assert.Equal(404, (await silo.GetAsync("/api/sessions", Cancellation)).Status);
    }

    [Fact, Trait("Category", "Slow")]
    public async Task A_silo_tells_a_lost_database_from_its_own_state()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var cluster = await ClusterProcesses.StartAsync(OneOfEach with { Frontends = 0, Postgres = postgres }, Cancellation);
        using var silo = cluster.Silos[0].CreateClient(null);
        postgres.StopImmediately();
        var lost = await silo.GetAsync("/readyz", Cancellation);
        Assert.Equal(503, lost.Status);
        Assert.Equal("ok", lost.Json.GetProperty("checks").GetProperty("silo").GetString());
        Assert.Equal("lost", lost.Json.GetProperty("checks").GetProperty("database").GetString());
        await postgres.ResumeAsync();
        await cluster.WaitUntilReadyAsync(Cancellation);
    }

    [Fact, Trait("Category", "Slow")]
    public async Task A_server_with_everything_in_it_joins_the_cluster_of_its_database()
    {
        await using var cluster = await ClusterProcesses.StartAsync(OneOfEach, Cancellation);
        var settings = new ServerSettings
        {
            BootstrapApiKey = cluster.AdminKey,
            Environment = new Dictionary<string, string>
            {
                ["OpenClaw__Database__Provider"] = "postgres",
                ["OpenClaw__Database__ConnectionString"] = cluster.ConnectionString,
            },
        };
        await using var server = await ServerProcess.StartAsync(settings, Cancellation);
        using var here = server.CreateAdminClient();
        using var there = cluster.CreateAdminClient();
        var sessionId = await there.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await here.SendMessageAsync(sessionId, "hello", Cancellation)).Status);

        // The front-end has no other silo now than the one in the server.
        Assert.Equal(0, await cluster.Silos[0].Process.StopAsync(Cancellation));
        Assert.Equal(200, (await there.SendMessageAsync(sessionId, "and again", Cancellation)).Status);
    }

    /// <summary>The first answer of a process that has just been launched.</summary>
    private static async Task<ApiResponse> AnswerAsync(ApiClient client, string path)
    {
        while (true)
        {
            try
            {
                return await client.GetAsync(path, Cancellation);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
            }
        }
    }
}
