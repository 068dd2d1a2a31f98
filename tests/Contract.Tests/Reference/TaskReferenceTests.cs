using OpenClaw.Contract.Tests.Support;
using OpenClaw.Contract.Tests.Tasks;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 任务调度 API.</summary>
public abstract class TaskReferenceTests(DatabaseServers servers) : TaskTest(servers)
{
    public sealed class OnSqlite(Servers servers) : TaskReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : TaskReferenceTests(servers.OnPostgres);

    private const string CreateBody = """
        {
          "name": "daily-report",
          "schedule": "0 9 * * *",
          "action": {
            "type": "skill",
            "name": "report-generator",
            "params": {}
          }
        }
        """;

    [Fact]
    public async Task 创建定时任务()
    {
        using var tenant = await NewTenantAsync();
        var before = TimeProvider.System.GetUtcNow();

        var created = await tenant.Client.PostAsync("/api/tasks", CreateBody, Cancellation);

        SessionCalls.Require(created, 201);
        var id = created.Text("taskId");
        Assert.Matches("^task-[0-9a-f]{32}$", id);
        Assert.Equal($"/api/tasks/{id}", created.Header("Location"));
        var next = Shape.Time(created.Json, "nextRunAt");
        Assert.Equal(new TimeSpan(9, 0, 0), next.TimeOfDay);
        Assert.InRange(next, before, before.AddDays(1).AddMinutes(1));
        Assert.Equal(
            $$"""{"taskId":"{{id}}","name":"daily-report","schedule":"0 9 * * *","timezone":"UTC","status":"scheduled","nextRunAt":"{{created.Text("nextRunAt")}}"}""",
            created.Body);
    }

    [Fact]
    public async Task 创建定时任务_whose_skill_then_writes_its_report()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, CreateBody);

        var run = await RunToEndAsync(tenant.Client, id);

        Assert.Matches(@"/Documents/reports/report-\d{4}-\d\d-\d\d\.md", ResultOf(run).GetRawText());
        var found = await tenant.Client.GetAsync("/api/files/search?pattern=*.md&path=/Documents/reports", Cancellation);
        Assert.Single(SessionCalls.Require(found, 200).Json.GetProperty("files").EnumerateArray());
    }

    [Fact]
    public async Task 列出任务()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, CreateBody);

        var listed = await tenant.Client.GetAsync("/api/tasks", Cancellation);

        SessionCalls.Require(listed, 200);
        Assert.Null(listed.Text("nextCursor"));
        var task = Assert.Single(listed.Json.GetProperty("tasks").EnumerateArray());
        Assert.Equal(
            (id, "daily-report", "0 9 * * *", "scheduled"), (Text(task, "taskId"), Text(task, "name"), Text(task, "schedule"), Text(task, "status")));
        Assert.Equal(("skill", "report-generator"), (Text(task.GetProperty("action"), "type"), Text(task.GetProperty("action"), "name")));
        AreSame("{}", task.GetProperty("action").GetProperty("params"));
    }

    [Fact]
    public async Task 列出任务_when_there_is_none()
    {
        using var tenant = await NewTenantAsync();

        var listed = await tenant.Client.GetAsync("/api/tasks", Cancellation);

        Assert.Equal((200, """{"tasks":[],"nextCursor":null}"""), (listed.Status, listed.Body));
    }

    [Fact]
    public async Task 删除任务()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, CreateBody);

        var deleted = await tenant.Client.DeleteAsync($"/api/tasks/{id}", Cancellation);

        Assert.Equal((200, $$"""{"taskId":"{{id}}","status":"deleted"}"""), (deleted.Status, deleted.Body));
        Assert.Empty(await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation));
    }
}
