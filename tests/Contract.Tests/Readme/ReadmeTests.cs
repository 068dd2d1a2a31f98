using System.Runtime.Versioning;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Readme;

/// <summary>A newcomer who copies the README's commands into a shell gets what the README promises.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReadmeTests
{
    private const string Server = "./run.sh";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Every block, in order. A line that starts a server replaces the one before; the other lines run in one shell. A
    /// block that this test does not know fails it, so that no command comes in untested.
    /// </summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Every_command_works_as_it_stands()
    {
        await using var shell = new ReadmeShell();
        var outputs = new List<string>();
        var models = new List<string>();
        foreach (var block in ReadmeCommands.Read())
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines.Where(line => line.Contains(Server, StringComparison.Ordinal)))
            {
                await shell.ServeAsync(line, Cancellation);
                models.Add(await ModelOfNewSessionAsync(shell));
            }

            var rest = lines.Where(line => !line.Contains(Server, StringComparison.Ordinal)).ToList();
            if (rest.Count > 0)
                outputs.Add(await shell.RunAsync(string.Join('\n', rest), Cancellation));
        }

        Assert.Collection(models,
            model => Assert.Equal("offline", model),
            model => Assert.StartsWith("gpt", model, StringComparison.Ordinal),
            model => Assert.StartsWith("gpt", model, StringComparison.Ordinal),
            model => Assert.StartsWith("claude-", model, StringComparison.Ordinal));
        Assert.Collection(outputs,
            tests => Assert.Equal("", tests.Trim()),
            streamed =>
            {
                Assert.Contains("\"type\":\"text\"", streamed, StringComparison.Ordinal);
                Assert.Contains("\"type\":\"code\"", streamed, StringComparison.Ordinal);
                Assert.Contains("\"type\":\"done\"", streamed, StringComparison.Ordinal);
            },
            replayed =>
            {
                Assert.DoesNotContain("id: 3\n", replayed, StringComparison.Ordinal);
                Assert.Contains("id: 4\n", replayed, StringComparison.Ordinal);
                Assert.Contains("\"type\":\"done\"", replayed, StringComparison.Ordinal);
            });
    }

    private static async Task<string> ModelOfNewSessionAsync(ReadmeShell shell)
    {
        using var client = new ApiClient(shell.BaseAddress, shell.AdminKey);
        var created = SessionCalls.Require(await client.PostAsync("/api/sessions", "{}", Cancellation), 201);
        return created.Text("servedBy")!;
    }
}
