using System.Text.Json;
using OpenClaw.ModelServer;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>The server is killed while it asks a model: what the provider will charge is not known, and not forgotten.</summary>
[Trait("Category", "Slow")]
public sealed class CutCallTests
{
    private const int ReservedOutput = 500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_call_cut_by_a_kill_counts_with_its_reservation_and_is_marked_estimated(DatabaseKind database)
    {
        await using var model = await ModelServerProcess.StartAsync(Cancellation);
        await model.ScriptAsync(new ModelRule { Times = 1, Answer = new ModelAnswer { Text = "one two three", HangAfter = 2 } });
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings
            {
                Database = database,
                Environment = new Dictionary<string, string>
                {
                    ["OPENAI_API_KEY"] = "key",
                    ["OPENAI_BASE_URL"] = model.OpenAIBaseUrl,
                    ["OpenClaw__DefaultModel"] = "gpt-4o",
                    ["OpenClaw__Models__ReservedOutputTokens"] = $"{ReservedOutput}",
                },
            },
            Cancellation);
        string id;
        using (var client = server.CreateAdminClient())
        {
            id = await client.CreateSessionAsync(Cancellation);
            await using var stream = await client.StreamMessageAsync(id, "#tokens=5", Cancellation);
            await stream.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
            server.Kill();
        }

        await server.RestartAsync(Cancellation);
        using var again = server.CreateAdminClient();
        var done = (await again.ReplayAsync(id, 1, Cancellation))[^1].Json.GetProperty("usage");
        var row = Assert.Single((await again.GetAsync("/api/usage", Cancellation)).Json.GetProperty("usage").EnumerateArray());

        Assert.True(done.GetProperty("estimated").GetBoolean());
        Assert.Equal((1, 5 + ReservedOutput, ReservedOutput), (Number(row, "turns"), Number(row, "outputTokens"), Number(row, "estimatedOutputTokens")));
        Assert.Equal(7 + Number(row, "estimatedInputTokens"), Number(row, "inputTokens"));
        Assert.InRange(Number(row, "estimatedInputTokens"), 10, 300);
        Assert.Equal(Number(row, "outputTokens"), Number(done, "outputTokens"));
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
