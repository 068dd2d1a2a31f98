using System.Globalization;
using OpenClaw.ModelServer;
using OpenClaw.Testing;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>
/// The server, or the database behind it, is killed again and again at any point of a turn. What a client was told holds,
/// and what it was not told happens once or not at all. <c>OPENCLAW_TEST_SEED</c> repeats a run.
/// </summary>
[Trait("Category", "Slow")]
public abstract class KillTests(DatabaseKind database, ITestOutputHelper output)
{
    private static readonly string[] Questions = ["你好", "帮我写一段代码", "Write me some code", "What can you do?"];

    private static readonly string[] ModelQuestions =
    [
        "#tokens=60 #delay=10", "#delay=20 #tool=time_now {}", "#tokens=20", "#tokens=10 #delay=100",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class OnSqlite(ITestOutputHelper output) : KillTests(DatabaseKind.Sqlite, output)
    {
        [Fact]
        public Task Fifty_kills_lose_no_message_and_answer_none_twice() => KillServerAsync(50);

        [Fact]
        public Task Kills_during_tool_calls_and_a_models_answers_lose_and_repeat_nothing() => KillServerWithModelAsync(8);
    }

    public sealed class OnPostgres(ITestOutputHelper output) : KillTests(DatabaseKind.Postgres, output)
    {
        [Fact]
        public Task Ten_kills_lose_no_message_and_answer_none_twice() => KillServerAsync(10);

        [Fact]
        public Task Kills_during_tool_calls_and_a_models_answers_lose_and_repeat_nothing() => KillServerWithModelAsync(6);

        [Fact]
        public Task A_database_that_crashes_ten_times_loses_no_message_and_answers_none_twice() =>
            CrashDatabaseAsync(new ServerSettings { OfflineChunkDelayMilliseconds = 15 }, Questions, 10);

        [Fact]
        public async Task A_database_that_crashes_during_tool_calls_and_a_models_answers_loses_and_repeats_nothing()
        {
            await using var model = await ModelServerProcess.StartAsync(Cancellation);
            await CrashDatabaseAsync(With(model), ModelQuestions, 10);
        }

        private async Task CrashDatabaseAsync(ServerSettings settings, string[] questions, int crashes)
        {
            await using var postgres = await PostgresServer.StartAsync();
            await RunAsync(
                settings with { Postgres = postgres }, questions, crashes, (server, random) => new PostgresCrash(postgres, server, random));
        }
    }

    private protected Task KillServerAsync(int kills) =>
        RunAsync(new ServerSettings { OfflineChunkDelayMilliseconds = 15 }, Questions, kills, (server, _) => new ServerKill(server));

    private protected async Task KillServerWithModelAsync(int kills)
    {
        await using var model = await ModelServerProcess.StartAsync(Cancellation);
        await RunAsync(With(model), ModelQuestions, kills, (server, _) => new ServerKill(server));
    }

    private protected static ServerSettings With(ModelServerProcess model) => new()
    {
        Environment = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = "key",
            ["OPENAI_BASE_URL"] = model.OpenAIBaseUrl,
            ["OpenClaw__DefaultModel"] = "gpt-4o",
        },
    };

    private protected async Task RunAsync(
        ServerSettings settings, string[] questions, int rounds, Func<ServerProcess, Random, ICrash> crashOf)
    {
        var seed = Environment.GetEnvironmentVariable("OPENCLAW_TEST_SEED") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture);
        output.WriteLine($"OPENCLAW_TEST_SEED={seed}");
        var random = new Random(int.Parse(seed, CultureInfo.InvariantCulture));
        var environment = new Dictionary<string, string>(settings.Environment) { ["OpenClaw__Limits__MessagesPerMinute"] = "100000" };
        await using var server = await ServerProcess.StartAsync(settings with { Database = database, Environment = environment }, Cancellation);
        var run = new CrashRun(server, crashOf(server, random), questions, random);
        try
        {
            await run.RunAsync(rounds);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}. {exception.Message}", exception);
        }

        output.WriteLine(run.Summary);
    }
}
