using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Chaos.Tests.Faults;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Chaos.Tests;

/// <summary>
/// Three silos on one PostgreSQL, killed at random while tasks come due, for minutes of a clock that runs ten times faster than time.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SlotTests(ITestOutputHelper output)
{
    private const int Rate = 10;
    private const int Seconds = 7;

    /// <summary>
    /// One event in so many is refused when it first comes. Not when it comes again: the waits between attempts become an hour, beyond
    /// what a test lasts.
    /// </summary>
    private const int RefusesOnceIn = 9;

    /// <summary>What every faster clock may still come to after the last fault: retries of deliveries, turns that go on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly ChaosSettings _settings = ChaosSettings.FromEnvironment() with
    {
        Duration = TimeSpan.Parse(Environment.GetEnvironmentVariable("OPENCLAW_CHAOS_SLOTS") ?? "00:00:25", CultureInfo.InvariantCulture),
    };

    private readonly DateTimeOffset _origin = DateTimeOffset.UtcNow;
    private readonly ConcurrentQueue<JsonElement> _received = [];
    private readonly ConcurrentDictionary<string, bool> _seen = new();
    private int _posts;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the silos' clocks show.</summary>
    private DateTimeOffset FastNow => _origin + ((DateTimeOffset.UtcNow - _origin) * Rate);

    [Fact]
    public async Task Whichever_silos_die_each_slot_runs_once_and_each_event_arrives_under_one_id()
    {
        output.WriteLine($"OPENCLAW_TEST_SEED={_settings.Seed}");
        await using var receiver = (await TestSite.StartAsync(Cancellation)).Map("/hook", ReceiveAsync);
        await using var postgres = await PostgresServer.StartAsync();
        await using var cluster = await ClusterProcesses.StartAsync(Layout(postgres), Cancellation);
        using var client = cluster.CreateAdminClient();
        using var supervisor = new Supervisor(cluster, _settings.Directory);
        SessionCalls.Require(await client.PostAsync("/api/webhooks", new { @event = "*", url = receiver.Url("/hook"), secret = "a-secret-of-the-test" }, Cancellation), 201);
        var shared = await client.CreateSessionAsync(Cancellation);
        var tasks = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            tasks.Add(await CreateTaskAsync(client, new { everySeconds = Seconds }, new { type = "message", sessionId = shared, content = $"task {number}" }));
            tasks.Add(await CreateTaskAsync(client, number == 0 ? "* * * * *" : "*/20 * * * * *", new { type = "message", content = "a session of its own" }));
        }

        try
        {
            var kills = await KillAtRandomAsync(cluster, supervisor);
            await cluster.WaitUntilReadyAsync(Cancellation);
            var runs = new Dictionary<string, List<JsonElement>>();
            foreach (var task in tasks)
                runs[task] = await EndAsync(client, task);
            var count = runs.Values.Sum(list => list.Count);
            output.WriteLine($"{kills} silos killed, {count} slots, {_posts} deliveries");
            foreach (var (task, list) in runs)
                await AssertSlotsAsync(client, task, list);
            await AssertMessagesAsync(client, runs, shared);
            await AssertEventsAsync([.. runs.Values.SelectMany(list => list)]);
        }
        finally
        {
            supervisor.SaveOutput();
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        Interlocked.Increment(ref _posts);
        if (_seen.TryAdd(body.RootElement.GetProperty("id").GetString()!, true) && _seen.Count % RefusesOnceIn == 0)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        _received.Enqueue(body.RootElement.Clone());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<string> CreateTaskAsync(ApiClient client, object schedule, object action) => SessionCalls.Require(
        await client.PostAsync("/api/tasks", new { name = "slots", schedule, action, misfire = "all", overlap = "queue" }, Cancellation), 201).Text("taskId")!;

    /// <summary>One silo now and then, and now and then all of them at once.</summary>
    private async Task<int> KillAtRandomAsync(ClusterProcesses cluster, Supervisor supervisor)
    {
        var random = new Random(_settings.Seed);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var supervising = supervisor.RunAsync(end.Token);
        var until = TimeProvider.System.GetTimestamp();
        var kills = 0;
        while (TimeProvider.System.GetElapsedTime(until) < _settings.Duration)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 3000)), Cancellation);
            var victims = random.Next(6) == 0 ? cluster.Silos : [cluster.Silos[random.Next(cluster.Silos.Count)]];
            foreach (var silo in victims)
            {
                await supervisor.KillAsync(silo);
                kills++;
            }
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => supervising);
        return kills;
    }

    /// <summary>Lets a task catch up, stops it, and waits for the runs that have begun.</summary>
    private async Task<List<JsonElement>> EndAsync(ApiClient client, string task)
    {
        var now = FastNow;
        var last = await Eventually.IsAsync(
            async () => SessionCalls.Require(await client.GetAsync($"/api/tasks/{task}", Cancellation), 200).Json,
            read => read.GetProperty("nextRunAt").GetDateTimeOffset() > now,
            Cancellation,
            Patience);
        Assert.Equal("scheduled", last.GetProperty("status").GetString());
        SessionCalls.Require(await client.PatchAsync($"/api/tasks/{task}", new { status = "paused" }, Cancellation), 200);
        return await Eventually.IsAsync(
            () => RunsAsync(client, task),
            runs => runs.TrueForAll(run => run.GetProperty("status").GetString() is not ("queued" or "running" or "retrying")),
            Cancellation,
            Patience);
    }

    private static async Task<List<JsonElement>> RunsAsync(ApiClient client, string task)
    {
        var runs = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = SessionCalls.Require(await client.GetAsync($"/api/tasks/{task}/runs?limit=200{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", Cancellation), 200).Json;
            runs.AddRange(page.GetProperty("runs").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return runs;
    }

    private static async Task AssertSlotsAsync(ApiClient client, string task, List<JsonElement> runs)
    {
        var read = SessionCalls.Require(await client.GetAsync($"/api/tasks/{task}", Cancellation), 200).Json;
        var createdAt = read.GetProperty("createdAt").GetDateTimeOffset();
        var schedule = read.GetProperty("schedule");
        var slots = runs.Select(run => run.GetProperty("scheduledFor").GetDateTimeOffset()).Order().ToArray();
        var expected = new List<DateTimeOffset>();
        var step = TimeSpan.FromSeconds(schedule.ValueKind is JsonValueKind.Object ? Seconds : schedule.GetString()!.StartsWith("*/20", StringComparison.Ordinal) ? 20 : 60);
        var first = schedule.ValueKind is JsonValueKind.Object
            ? new DateTimeOffset(createdAt.Ticks - (createdAt.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero) + step
            : new DateTimeOffset(((createdAt.Ticks / step.Ticks) + 1) * step.Ticks, TimeSpan.Zero);
        for (var slot = first; slot <= slots[^1]; slot += step)
            expected.Add(slot);
        Assert.Equal(expected, slots);
        Assert.Equal(runs.Count, runs.Select(run => run.GetProperty("runId").GetString()).Distinct().Count());
        Assert.All(runs, run => Assert.True(run.GetProperty("status").GetString() == "succeeded", run.ToString()));
    }

    private static async Task AssertMessagesAsync(ApiClient client, Dictionary<string, List<JsonElement>> runs, string shared)
    {
        var history = await client.HistoryAsync(shared, Cancellation);
        foreach (var (task, list) in runs)
        {
            var read = SessionCalls.Require(await client.GetAsync($"/api/tasks/{task}", Cancellation), 200).Json;
            var content = read.GetProperty("action").GetProperty("content").GetString();
            if (read.GetProperty("action").TryGetProperty("sessionId", out _))
            {
                Assert.Equal(list.Count, history.Count(message => message.GetProperty("role").GetString() == "user" && message.GetProperty("content").GetString() == content));
                continue;
            }

            foreach (var run in list)
            {
                var own = await client.HistoryAsync(run.GetProperty("result").GetProperty("sessionId").GetString()!, Cancellation);
                Assert.Equal(["user", "assistant"], own.Select(message => message.GetProperty("role").GetString()));
            }
        }

        Assert.Equal(history.Count(message => message.GetProperty("role").GetString() == "user"), history.Count(message => message.GetProperty("role").GetString() == "assistant"));
    }

    private async Task AssertEventsAsync(List<JsonElement> runs)
    {
        await Eventually.IsAsync(() => Task.FromResult(HaveAllCome()), all => all, Cancellation, Patience);
        Assert.Equal(runs.Count, Ids("task.completed", "runId").Count());
        Assert.Equal(runs.Count, Ids("message.sent", "messageId").Count());
        Assert.Equal(runs.Count, Ids("message.received", "messageId").Count());
        Assert.DoesNotContain(_received, told => Type(told) == "error.occurred");

        bool HaveAllCome()
        {
            var completed = _received.Where(told => Type(told) == "task.completed").ToLookup(told => told.GetProperty("data").GetProperty("runId").GetString());
            var sent = _received.Where(told => Type(told) == "message.sent").ToLookup(told => told.GetProperty("data").GetProperty("messageId").GetString());
            // What the receiver refused comes later than what happened after it.
            var received = _received.Where(told => Type(told) == "message.received").Select(told => told.GetProperty("data").GetProperty("messageId").GetString()).Distinct();
            return received.Count() == runs.Count
                && runs.TrueForAll(run => completed.Contains(run.GetProperty("runId").GetString()) && sent.Contains(run.GetProperty("result").GetProperty("messageId").GetString()));
        }

        // Each thing that happened by the ids that it came under.
        IEnumerable<string> Ids(string type, string name) => _received.Where(told => Type(told) == type)
            .GroupBy(told => told.GetProperty("data").GetProperty(name).GetString())
            .Select(told => Assert.Single(told.Select(each => each.GetProperty("id").GetString()!).Distinct()));
    }

    private static string Type(JsonElement told) => told.GetProperty("type").GetString()!;

    private ClusterLayout Layout(PostgresServer postgres) => new()
    {
        Postgres = postgres,
        SiloProgram = "OpenClaw.Chaos.Silo",
        Frontends = 1,
        Environment = new Dictionary<string, string>
        {
            ["Clock__Rate"] = $"{Rate}",
            ["Clock__Origin"] = $"{_origin.ToUnixTimeMilliseconds()}",
            ["OpenClaw__Egress__AllowPrivateNetworks"] = "true",
            // Every silo signs for the webhook.
            ["OpenClaw__DataProtection__Key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["OpenClaw__DefaultModel"] = "offline",
            ["OpenClaw__Limits__MessagesPerMinute"] = "1000000",
            ["OpenClaw__Limits__ConcurrentTurns"] = "1000",
        },
    };
}
