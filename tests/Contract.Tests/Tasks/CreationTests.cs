using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>What a task can be created from, and what it cannot.</summary>
public abstract class CreationTests(DatabaseServers servers) : TaskTest(servers)
{
    public sealed class OnSqlite(Servers servers) : CreationTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : CreationTests(servers.OnPostgres);

    private const string Valid = """{"name":"n","schedule":"@daily","action":{"type":"message","content":"hello"}}""";

    [Theory]
    [InlineData("*/5 * * * *")]
    [InlineData("0 9 * * 1-5")]
    [InlineData("0 9 1,15 * *")]
    [InlineData("30 0 9 * * *")]
    [InlineData("@hourly")]
    [InlineData("@daily")]
    [InlineData("@weekly")]
    [InlineData("@monthly")]
    [InlineData("@yearly")]
    public async Task A_schedule_in_words_is_five_or_six_fields_or_a_name(string schedule)
    {
        using var tenant = await NewTenantAsync();

        var created = SessionCalls.Require(await TryCreateAsync(tenant.Client, Body(Message(), schedule)), 201);

        Assert.Equal(schedule, created.Text("schedule"));
        var task = await TaskAsync(tenant.Client, created.Text("taskId")!);
        var next = task.GetProperty("nextRuns").EnumerateArray().Select(Shape.Time).ToList();
        Assert.Equal(5, next.Count);
        Assert.Equal(next.Order().Distinct(), next);
        Assert.True(next[0] > Shape.Time(task, "createdAt"), task.GetRawText());
        Assert.Equal(created.Text("nextRunAt"), Text(task, "nextRunAt"));
        Assert.Equal(next[0], Shape.Time(task, "nextRunAt"));
        Assert.All(next, time => Assert.Equal(schedule.StartsWith("30 ", StringComparison.Ordinal) ? 30 : 0, time.Second));
    }

    [Fact]
    public async Task A_schedule_of_a_time_has_that_slot_alone()
    {
        using var tenant = await NewTenantAsync();

        var created = SessionCalls.Require(await TryCreateAsync(tenant.Client, Body(Message(), new { at = "2099-12-31T23:59:58Z" })), 201);

        var slot = new DateTimeOffset(2099, 12, 31, 23, 59, 58, TimeSpan.Zero);
        Assert.Equal(slot, Shape.Time(created.Json, "nextRunAt"));
        Assert.Equal(slot, Shape.Time(created.Json.GetProperty("schedule"), "at"));
        var task = await TaskAsync(tenant.Client, created.Text("taskId")!);
        Assert.Equal(slot, Shape.Time(Assert.Single(task.GetProperty("nextRuns").EnumerateArray())));
    }

    [Fact]
    public async Task A_schedule_of_seconds_counts_them_from_the_whole_second_of_its_creation()
    {
        using var tenant = await NewTenantAsync();
        var before = TimeProvider.System.GetUtcNow();

        var created = SessionCalls.Require(await TryCreateAsync(tenant.Client, Body(Message(), new { everySeconds = 1000 })), 201);

        AreSame("""{"everySeconds":1000}""", created.Json.GetProperty("schedule"));
        var task = await TaskAsync(tenant.Client, created.Text("taskId")!);
        var next = task.GetProperty("nextRuns").EnumerateArray().Select(Shape.Time).ToList();
        Assert.InRange(next[0], before.AddSeconds(999), TimeProvider.System.GetUtcNow().AddSeconds(1000));
        Assert.Equal(0, next[0].Millisecond);
        Assert.Equal(Enumerable.Range(0, 5).Select(k => next[0].AddSeconds(1000 * k)), next);
    }

    [Fact]
    public async Task A_task_tells_everything_that_it_was_created_with_and_the_rest_by_default()
    {
        using var tenant = await NewTenantAsync();
        var bare = await TaskAsync(tenant.Client, await CreateAsync(tenant.Client, Valid));
        var full = await TaskAsync(tenant.Client, await CreateAsync(tenant.Client, new
        {
            name = "每天的报告",
            schedule = "0 9 * * *",
            timezone = "Asia/Shanghai",
            action = new { type = "command", command = "ls -la", cwd = "/Projects" },
            overlap = "queue",
            misfire = "all",
            timeout = 5000,
            retries = 2,
        }));

        Shape.Has(
            bare, "taskId", "name", "schedule", "timezone", "status", "action", "overlap", "misfire", "timeout", "retries", "nextRunAt", "nextRuns",
            "lastRun", "failures", "createdAt", "updatedAt");
        Assert.Equal(("UTC", "scheduled", "skip", "once"), (Text(bare, "timezone"), Text(bare, "status"), Text(bare, "overlap"), Text(bare, "misfire")));
        Assert.Equal((600_000, 5, 0), (bare.GetProperty("timeout").GetInt32(), bare.GetProperty("retries").GetInt32(), bare.GetProperty("failures").GetInt32()));
        Assert.Equal(JsonValueKind.Null, bare.GetProperty("lastRun").ValueKind);
        Assert.False(HasValue(bare, "pausedReason") || HasValue(bare, "warnings"), bare.GetRawText());
        Shape.IsRecentTime(bare.GetProperty("createdAt"));
        Assert.Equal(Text(bare, "createdAt"), Text(bare, "updatedAt"));
        Assert.Equal(
            ("每天的报告", "0 9 * * *", "Asia/Shanghai", "queue", "all"),
            (Text(full, "name"), Text(full, "schedule"), Text(full, "timezone"), Text(full, "overlap"), Text(full, "misfire")));
        Assert.Equal((5000, 2), (full.GetProperty("timeout").GetInt32(), full.GetProperty("retries").GetInt32()));
        AreSame("""{"type":"command","command":"ls -la","cwd":"/Projects"}""", full.GetProperty("action"));
        Assert.Contains("每天的报告", (await TryGetAsync(tenant.Client, Text(full, "taskId"))).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "null", "name")]
    [InlineData("name", "\"\"", "name")]
    [InlineData("name", "5", "name")]
    [InlineData("schedule", "null", "schedule")]
    [InlineData("schedule", "\"\"", "schedule")]
    [InlineData("schedule", "\"every day\"", "schedule")]
    [InlineData("schedule", "\"* * * *\"", "schedule")]
    [InlineData("schedule", "\"* * * * * * *\"", "schedule")]
    [InlineData("schedule", "\"61 * * * *\"", "schedule")]
    [InlineData("schedule", "\"@never\"", "schedule")]
    [InlineData("schedule", "\"0 0 30 2 *\"", "schedule")]
    [InlineData("schedule", "5", "schedule")]
    [InlineData("schedule", "{}", "schedule")]
    [InlineData("schedule", "{\"at\":\"2099-01-01T00:00:00Z\",\"everySeconds\":5}", "schedule")]
    [InlineData("schedule", "{\"at\":\"2001-01-01T00:00:00Z\"}", "schedule.at")]
    [InlineData("schedule", "{\"at\":\"tomorrow\"}", "schedule.at")]
    [InlineData("schedule", "{\"at\":5}", "schedule.at")]
    [InlineData("schedule", "{\"everySeconds\":0}", "schedule.everySeconds")]
    [InlineData("schedule", "{\"everySeconds\":-1}", "schedule.everySeconds")]
    [InlineData("schedule", "{\"everySeconds\":1.5}", "schedule.everySeconds")]
    [InlineData("schedule", "{\"everySeconds\":\"5\"}", "schedule.everySeconds")]
    [InlineData("schedule", "{\"everySeconds\":31622401}", "schedule.everySeconds")]
    [InlineData("timezone", "\"Mars/Olympus_Mons\"", "timezone")]
    [InlineData("timezone", "\"\"", "timezone")]
    [InlineData("timezone", "5", "timezone")]
    [InlineData("action", "null", "action")]
    [InlineData("action", "\"hello\"", "action")]
    [InlineData("action", "{}", "action.type")]
    [InlineData("action", "{\"type\":\"dance\"}", "action.type")]
    [InlineData("action", "{\"type\":\"skill\"}", "action.name")]
    [InlineData("action", "{\"type\":\"skill\",\"name\":5}", "action.name")]
    [InlineData("action", "{\"type\":\"skill\",\"name\":\"github\",\"params\":[]}", "action.params")]
    [InlineData("action", "{\"type\":\"message\"}", "action.content")]
    [InlineData("action", "{\"type\":\"message\",\"content\":\"\"}", "action.content")]
    [InlineData("action", "{\"type\":\"message\",\"content\":\"hello\",\"sessionId\":\"sess-none\"}", "action.sessionId")]
    [InlineData("action", "{\"type\":\"command\"}", "action.command")]
    [InlineData("action", "{\"type\":\"command\",\"command\":\"\"}", "action.command")]
    [InlineData("overlap", "\"maybe\"", "overlap")]
    [InlineData("misfire", "\"maybe\"", "misfire")]
    [InlineData("timeout", "999", "timeout")]
    [InlineData("timeout", "1800001", "timeout")]
    [InlineData("timeout", "\"1000\"", "timeout")]
    [InlineData("retries", "-1", "retries")]
    [InlineData("retries", "6", "retries")]
    [InlineData("retries", "1.5", "retries")]
    public async Task What_a_task_cannot_be_created_from_is_named(string property, string value, string field)
    {
        using var tenant = await NewTenantAsync();
        var body = JsonNode.Parse(Valid)!.AsObject();
        body[property] = JsonNode.Parse(value);

        ErrorAssert.IsInvalid(await TryCreateAsync(tenant.Client, body.ToJsonString()), field);

        Assert.Empty(await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("schedule")]
    [InlineData("action")]
    public async Task What_is_required_is_named_where_it_is_missing(string property)
    {
        using var tenant = await NewTenantAsync();
        var body = JsonNode.Parse(Valid)!.AsObject();
        body.Remove(property);

        ErrorAssert.IsInvalid(await TryCreateAsync(tenant.Client, body.ToJsonString()), property);
    }

    [Fact]
    public async Task The_bounds_are_taken_and_what_is_beyond_is_not()
    {
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, Message(), new { everySeconds = 1 }, ("timeout", 1000), ("retries", 0), ("name", "n"));
        await CreateAsync(tenant.Client, Message(), new { everySeconds = 31_622_400 }, ("timeout", 1_800_000), ("retries", 5), ("name", new string('名', 200)));

        ErrorAssert.IsInvalid(await TryCreateAsync(tenant.Client, Body(Message(), Rarely, ("name", new string('名', 201)))), "name");
    }

    [Fact]
    public async Task A_session_of_another_tenant_is_as_unknown_as_none()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var foreign = await other.Client.CreateSessionAsync(Cancellation);

        ErrorAssert.IsInvalid(await TryCreateAsync(tenant.Client, Body(Message("hello", foreign))), "action.sessionId");
    }

    [Fact]
    public async Task A_skill_that_is_not_installed_is_taken_with_a_warning()
    {
        using var tenant = await NewTenantAsync();

        var created = SessionCalls.Require(await TryCreateAsync(tenant.Client, Body(Missing)), 201);

        Assert.Contains("not-there", Assert.Single(created.Json.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        var task = await TaskAsync(tenant.Client, created.Text("taskId")!);
        Assert.Single(task.GetProperty("warnings").EnumerateArray());
        Assert.Equal("scheduled", Text(task, "status"));
    }

    [Fact]
    public async Task A_task_is_created_once_under_one_key()
    {
        using var tenant = await NewTenantAsync();
        var first = await TryCreateAsync(tenant.Client, Body(Message()), IdempotencyKey("t"));
        var again = await TryCreateAsync(tenant.Client, Body(Message()), IdempotencyKey("t"));
        var other = await TryCreateAsync(tenant.Client, Body(Message("other")), IdempotencyKey("t"));

        SessionCalls.Require(first, 201);
        Assert.Null(first.Header("Idempotent-Replayed"));
        Assert.Equal((201, "true", first.Body), (again.Status, again.Header("Idempotent-Replayed"), again.Body));
        Assert.Equal(first.Header("Location"), again.Header("Location"));
        ErrorAssert.IsConflict(other);
        Assert.Single(await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation));
    }

    [Fact]
    public async Task What_was_refused_is_not_kept_under_its_key()
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsInvalid(await TryCreateAsync(tenant.Client, Body(Message(), "never"), IdempotencyKey("r")), "schedule");

        var corrected = await TryCreateAsync(tenant.Client, Body(Message()), IdempotencyKey("r"));

        Assert.Equal(201, corrected.Status);
        Assert.Null(corrected.Header("Idempotent-Replayed"));
    }
}
