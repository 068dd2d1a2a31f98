using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Commands;

/// <summary>Servers that have no sandbox, and servers that go while a command runs.</summary>
public sealed class CommandServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_commands_are_switched_off_they_are_refused_and_everything_else_works()
    {
        await using var server = await StartAsync(("OpenClaw__Commands__Sandbox", "off"));
        using var client = server.CreateAdminClient();

        ErrorAssert.IsForbidden(await client.PostAsync("/api/commands/execute", new { command = "ls" }, Cancellation));
        SessionCalls.Require(await client.PostAsync("/api/files/write", new { path = "/a.txt", content = "a" }, Cancellation), 200);
    }

    [Fact]
    public async Task Where_bubblewrap_is_missing_the_error_says_so_and_everything_else_works()
    {
        await using var server = await StartAsync(("PATH", "/nowhere"));
        using var client = server.CreateAdminClient();

        var refused = await client.PostAsync("/api/commands/execute", new { command = "ls" }, Cancellation);

        var error = ErrorAssert.IsError(refused, 503, "INTERNAL_ERROR");
        Assert.Contains("bwrap is not installed", error.GetProperty("details").GetProperty("reason").GetString(), StringComparison.Ordinal);
        SessionCalls.Require(await client.PostAsync("/api/files/write", new { path = "/a.txt", content = "a" }, Cancellation), 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_does_not_outlive_its_server(bool killed)
    {
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        var mark = MarkedProcesses.NewMark();
        SessionCalls.Require(
            await client.PostAsync("/api/commands/execute", new { command = $"setsid bash -c 'trap \"\" TERM; exec -a {mark} sleep 1000'", background = true, timeout = 600_000 }, Cancellation), 201);
        await MarkedProcesses.ThereAsync(mark, Cancellation);

        if (killed)
            server.Kill();
        else
            await server.StopAsync(Cancellation);

        await MarkedProcesses.GoneAsync(mark, Cancellation);
    }

    private static Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings) => ServerProcess.StartAsync(
        new ServerSettings { Environment = settings.ToDictionary(setting => setting.Name, setting => setting.Value) }, Cancellation);
}
