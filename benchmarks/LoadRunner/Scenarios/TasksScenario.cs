using System.Globalization;
using System.Text.Json;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// Scheduled tasks of one process: what 100,000 that wait cost, how late slots begin when there is nothing else to do, and how late when
/// thousands of one tenant have the same slot, for them and for another tenant's single task.
/// </summary>
internal static class TasksScenario
{
    private const int Connections = 16;
    private const int IdleSeconds = 60;
    private const int SettleSeconds = 60;
    private const int PunctualTasks = 10;
    private const int PunctualSeconds = 30;
    private const int Page = 100;
    private const string Action = """{"type":"message","content":"hello","model":"fast-t20"}""";

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        using var servers = new ServerSet(options);
        Waiting(options, servers, options.Number("count", 100_000));
        Punctual(options, servers);
        Crowd(options, servers, options.Number("due", 5_000));
    }

    private static void Waiting(CommandLine options, ServerSet servers, int count)
    {
        var (none, many) = (servers.NewFolder(), servers.NewFolder());
        using (var server = Start(options, servers, many))
        {
            var begun = Clock.Now;
            Create(server.Target, count, $"\"0 9 1 {(TimeProvider.System.GetUtcNow().AddMonths(6).Month)} *\"");
            Console.WriteLine($"{count:N0} tasks created in {Clock.Milliseconds(Clock.Now - begun) / 1000:N0} s\n");
        }

        Console.WriteLine($"### {count:N0} tasks that wait\n");
        var table = new Table("server", "start ms", "resident MiB", "idle CPU ms/s");
        for (var round = 0; round < 2; round++)
        {
            Measure("no task", none);
            Measure("all wait", many);
        }

        table.Print();

        void Measure(string state, string folder)
        {
            using var server = Start(options, servers, folder);
            var target = server.Target;
            Thread.Sleep(TimeSpan.FromSeconds(SettleSeconds));
            RuntimeProbe.Collect(target.ProcessId);
            var idle = ProcessFigures.IdleCpu(target.ProcessId, IdleSeconds);
            table.Add(state, Table.Format(server.ReadyMs), Table.Format(ProcessFigures.ResidentMb(target.ProcessId)), Table.Format(idle));
        }
    }

    private static void Punctual(CommandLine options, ServerSet servers)
    {
        using var server = Start(options, servers, servers.NewFolder());
        var target = server.Target;
        ServerSet.Open(target);
        var tasks = Create(target, PunctualTasks, """{"everySeconds":1}""");
        Thread.Sleep(TimeSpan.FromSeconds(PunctualSeconds));
        var client = new ApiClient(target);
        using var connection = client.Connect();
        var lateness = new List<double>();
        foreach (var task in tasks)
        {
            using var runs = JsonDocument.Parse(connection.Ask(client.Get($"/api/tasks/{task}/runs?limit={Page}")));
            lateness.AddRange(runs.RootElement.GetProperty("runs").EnumerateArray().Select(Lateness).OfType<double>());
        }

        Console.WriteLine($"### Slots of {PunctualTasks} tasks at every second\n");
        PrintLateness(("all", lateness));
    }

    private static void Crowd(CommandLine options, ServerSet servers, int due)
    {
        using var server = Start(options, servers, servers.NewFolder());
        var target = server.Target;
        ServerSet.Open(target);
        var lone = target with { Key = NewTenant(target) };
        // Time enough to create them, and then for the machine to come to rest.
        var slot = TimeProvider.System.GetUtcNow().AddSeconds(60 + (due / 100.0));
        var schedule = $"\"{slot.Minute} {slot.Hour} * * *\"";
        Create(target, due, schedule);
        Create(lone, 1, schedule);
        var ahead = new DateTimeOffset(slot.Year, slot.Month, slot.Day, slot.Hour, slot.Minute, 0, TimeSpan.Zero) - TimeProvider.System.GetUtcNow();
        if (ahead < TimeSpan.Zero)
            throw new InvalidOperationException("The tasks were not created before their slot.");
        Thread.Sleep(ahead);

        var (crowd, other) = (LastRuns(target, due), LastRuns(lone, 1));
        Console.WriteLine($"### {due:N0} tasks of one tenant at one minute, and one of another\n");
        PrintLateness(("of the many", crowd), ("the lone one", other));
    }

    /// <summary>Waits until all of a tenant's tasks have begun their run.</summary>
    /// <returns>How late each began, in milliseconds.</returns>
    private static List<double> LastRuns(Target target, int count)
    {
        var client = new ApiClient(target);
        using var connection = client.Connect();
        while (true)
        {
            // Asked for rarely: the runs need the processor.
            Thread.Sleep(TimeSpan.FromSeconds(5));
            var lateness = new List<double>(count);
            string? cursor = null;
            do
            {
                using var page = JsonDocument.Parse(connection.Ask(client.Get($"/api/tasks?limit={Page}{(cursor is null ? "" : "&cursor=" + cursor)}")));
                foreach (var task in page.RootElement.GetProperty("tasks").EnumerateArray())
                {
                    if (task.GetProperty("lastRun") is { ValueKind: JsonValueKind.Object } run && Lateness(run) is { } late)
                        lateness.Add(late);
                }

                cursor = page.RootElement.GetProperty("nextCursor").GetString();
            }
            while (cursor is not null);
            if (lateness.Count == count)
                return lateness;
        }
    }

    private static double? Lateness(JsonElement run) => run.GetProperty("startedAt") is { ValueKind: JsonValueKind.String } started
        ? (started.GetDateTimeOffset() - run.GetProperty("scheduledFor").GetDateTimeOffset()).TotalMilliseconds
        : null;

    private static void PrintLateness(params (string What, List<double> Milliseconds)[] rows)
    {
        var table = new Table("start after the slot", "runs", "p50 ms", "p99 ms", "most ms");
        foreach (var (what, milliseconds) in rows)
        {
            var distribution = Distribution.OfMilliseconds(milliseconds);
            table.Add(
                what,
                distribution.Count.ToString("N0", CultureInfo.InvariantCulture),
                Table.Format(distribution.Percentile(50)),
                Table.Format(distribution.Percentile(99)),
                Table.Format(distribution.Percentile(100)));
        }

        table.Print();
    }

    private static string[] Create(Target target, int count, string schedule)
    {
        var client = new ApiClient(target);
        var request = client.Post("/api/tasks", $$"""{"name":"benchmark","schedule":{{schedule}},"action":{{Action}}}""");
        var ids = new string[count];
        Crew.Share(client, Connections, count, (connection, i) =>
        {
            using var created = JsonDocument.Parse(connection.Ask(request, 201));
            ids[i] = created.RootElement.GetProperty("taskId").GetString()!;
        });
        return ids;
    }

    /// <returns>A key of a new tenant.</returns>
    private static string NewTenant(Target target)
    {
        var client = new ApiClient(target);
        using var connection = client.Connect();
        connection.Ask(client.Post("/api/admin/tenants", """{"name":"lone","tenantId":"lone"}"""), 201);
        using var key = JsonDocument.Parse(
            connection.Ask(client.Post("/api/admin/tenants/lone/keys", """{"name":"bench","scopes":["read","write","execute"]}"""), 201));
        return key.RootElement.GetProperty("key").GetString()!;
    }

    private static ServerProcess Start(CommandLine options, ServerSet servers, string folder) =>
        ServerSet.StartOurs(options, folder, new Dictionary<string, string>(servers.ModelEnvironment())
        {
            ["OpenClaw__Tasks__MaxTasks"] = "1000000",
        });
}
