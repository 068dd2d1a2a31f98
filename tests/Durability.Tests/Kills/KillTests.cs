using System.Globalization;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>
/// The server is killed again and again at any point of a turn. What a client was told holds, and what it was not told
/// happens once or not at all. <c>OPENCLAW_TEST_SEED</c> repeats a run.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Sessions = 3;

    private static readonly string[] Questions = ["你好", "帮我写一段代码", "Write me some code", "What can you do?"];

    private static readonly string[] ModelQuestions =
    [
        "#tokens=60 #delay=10", "#delay=20 #tool=time_now {}", "#tokens=20", "#tokens=10 #delay=100",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Fifty_kills_lose_no_message_and_answer_none_twice() =>
        RunAsync(
            new ServerSettings
            {
                OfflineChunkDelayMilliseconds = 15,
                Environment = new Dictionary<string, string> { ["OpenClaw__Limits__MessagesPerMinute"] = "100000" },
            },
            Questions,
            kills: 50);

    [Fact]
    public async Task Kills_during_tool_calls_and_a_models_answers_lose_and_repeat_nothing()
    {
        await using var model = await ModelServerProcess.StartAsync(Cancellation);
        var environment = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = "key",
            ["OPENAI_BASE_URL"] = model.OpenAIBaseUrl,
            ["OpenClaw__DefaultModel"] = "gpt-4o",
            ["OpenClaw__Limits__MessagesPerMinute"] = "100000",
        };
        await RunAsync(new ServerSettings { Environment = environment }, ModelQuestions, kills: 15);
    }

    private static string Seed() =>
        Environment.GetEnvironmentVariable("OPENCLAW_TEST_SEED")
        ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture);

    private async Task RunAsync(ServerSettings settings, string[] questions, int kills)
    {
        var seed = Seed();
        output.WriteLine($"OPENCLAW_TEST_SEED={seed}");
        var random = new Random(int.Parse(seed, CultureInfo.InvariantCulture));
        await using var server = await ServerProcess.StartAsync(settings, Cancellation);
        var conversations = new List<Conversation>();
        using (var client = server.CreateAdminClient())
        {
            for (var i = 0; i < Sessions; i++)
                conversations.Add(new Conversation(await client.CreateSessionAsync(Cancellation)));
        }

        for (var kill = 1; kill <= kills; kill++)
        {
            try
            {
                await KillOnceAsync(server, conversations, questions, random, kill);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Kill {kill} of seed {seed}: {exception.Message}\n{server.Output}", exception);
            }
        }

        using var last = server.CreateAdminClient();
        foreach (var conversation in conversations)
        {
            await conversation.AuditAsync(last, Cancellation);
            await conversation.AuditWholeAsync(last, Cancellation);
            Assert.All(conversation.Sent, message => Assert.True(message.Acknowledged));
        }

        output.WriteLine(
            $"{conversations.Sum(conversation => conversation.Sent.Count)} messages, " +
            $"{conversations.Sum(conversation => conversation.Replayed.Count(frame => frame.IsStatus("recovering")))} recoveries");
    }

    /// <summary>Sends, kills, starts again, audits, sends the same again.</summary>
    private static async Task KillOnceAsync(
        ServerProcess server, List<Conversation> conversations, string[] questions, Random random, int kill)
    {
        var round = new List<(Conversation Conversation, SentMessage Message)>();
        foreach (var conversation in conversations)
        {
            for (var i = random.Next(1, 3); i > 0; i--)
            {
                var message = new SentMessage($"({kill}.{i}) {questions[random.Next(questions.Length)]}", random.Next(3) > 0);
                conversation.Sent.Add(message);
                round.Add((conversation, message));
            }
        }

        var progress = new Progress(random.Next(1, 120));
        var lateBy = TimeSpan.FromMilliseconds(random.NextDouble() * 30);
        using (var client = server.CreateAdminClient())
        {
            var clients = round.Select(sent => UntilItDiesAsync(SendAsync(client, sent.Conversation, sent.Message, progress))).ToList();
            var senders = Task.WhenAll(clients);
            var watchers = conversations.Select(conversation => UntilItDiesAsync(WatchAsync(client, conversation, progress))).ToList();
            await Task.WhenAny(progress.Reached, senders);
            await PassAsync(lateBy);
            server.Kill();
            await senders;
            await Task.WhenAll(watchers);
        }

        await server.RestartAsync(Cancellation);
        using var again = server.CreateAdminClient();
        foreach (var conversation in conversations)
            await conversation.AuditAsync(again, Cancellation);

        var ignored = new Progress(0);
        await Task.WhenAll(round.Select(sent => SendAsync(again, sent.Conversation, sent.Message, ignored)));
        foreach (var conversation in conversations)
            await conversation.AuditAsync(again, Cancellation);
    }

    private static async Task SendAsync(ApiClient client, Conversation conversation, SentMessage message, Progress progress)
    {
        var key = ("Idempotency-Key", message.IdempotencyKey);
        var known = message.Acknowledged;
        if (message.Streamed)
        {
            await using var stream = await client.StreamMessageAsync(conversation.SessionId, message.Content, Cancellation, null, key);
            Assert.Equal(200, stream.Status);
            message.Acknowledged = true;
            progress.Hear();
            Assert.True(!known || stream.Header("Idempotent-Replayed") == "true", $"{message.Content} was accepted twice.");
            await foreach (var frame in stream.ReadFramesAsync(Cancellation))
            {
                Assert.True(message.TurnId is null || message.TurnId == frame.TurnId, $"{message.Content} has two turns: {message.TurnId}, {frame}");
                message.TurnId = frame.TurnId;
                conversation.See(frame);
                progress.Hear();
            }
        }
        else
        {
            var response = await client.SendMessageAsync(conversation.SessionId, message.Content, Cancellation, null, key);
            Assert.True(response.Status == 200, response.ToString());
            message.Acknowledged = true;
            progress.Hear();
            Assert.True(!known || response.Header("Idempotent-Replayed") == "true", $"{message.Content} was accepted twice.");
            var answer = response.Text("messageId");
            Assert.True(message.AnswerId is null || message.AnswerId == answer, $"{message.Content} has two answers.");
            message.AnswerId = answer;
        }
    }

    private static async Task WatchAsync(ApiClient client, Conversation conversation, Progress progress)
    {
        var after = conversation.Replayed.Count == 0 ? 0 : conversation.Replayed[^1].Seq;
        await using var stream = await client.WatchAsync(conversation.SessionId, after, Cancellation);
        await foreach (var frame in stream.ReadFramesAsync(Cancellation))
        {
            conversation.See(frame);
            progress.Hear();
        }
    }

    /// <summary>A connection that the kill broke is what the test wants; anything else it reports.</summary>
    private static async Task UntilItDiesAsync(Task client)
    {
        try
        {
            await client;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            Assert.False(exception is EndOfStreamException, exception.Message);
        }
    }

    /// <summary>Lets a part of a write's time pass, so that kills do not fall only on frames.</summary>
    private static async Task PassAsync(TimeSpan time)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < time)
            await Task.Yield();
    }
}
