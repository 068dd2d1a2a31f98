using System.Text.Json;
using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Tasks that conversations make, list and delete.</summary>
[Collection(SkillTurnsCollection.Name)]
public sealed class ConversationTests(SkillTurnsFixture fixture) : SkillTurnTest(fixture)
{
    private static readonly string[] ToolNames = ["tasks_create", "tasks_delete", "tasks_list"];

    private static string Creation(string name, string action = "\"message\":\"hello\"") =>
        $$"""#tool=tasks_create {"name":"{{name}}","cron":"0 9 * * *","timezone":"Europe/Berlin",{{action}}}""";

    private static Task<List<JsonElement>> TasksAsync(ApiClient client) => client.ListAsync("/api/tasks", "tasks", Cancellation);

    private static List<JsonElement> ActionsIn(JsonElement answer) => [.. answer.GetProperty("response").GetProperty("actions").EnumerateArray()];

    [Fact]
    public async Task A_conversation_creates_a_task_and_the_message_tells_of_it()
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);

        var answer = await SayAsync(tenant.Client, id, mark, Creation("每天早上"));

        var task = Assert.Single(await TasksAsync(tenant.Client));
        var taskId = task.GetProperty("taskId").GetString()!;
        Assert.Equal(("每天早上", "0 9 * * *", "Europe/Berlin"), (task.GetProperty("name").GetString(), task.GetProperty("schedule").GetString(), task.GetProperty("timezone").GetString()));
        var action = Assert.Single(ActionsIn(answer));
        Assert.Equal(
            ("task_created", taskId, "每天早上"),
            (action.GetProperty("type").GetString(), action.GetProperty("taskId").GetString(), action.GetProperty("name").GetString()));
        Assert.Equal(
            action.GetRawText(),
            Assert.Single((await tenant.Client.HistoryAsync(id, Cancellation))[^1].GetProperty("actions").EnumerateArray()).GetRawText());
        var last = (await AskedAsync(mark))[^1];
        Assert.Contains(taskId, Assert.Single(last.Results), StringComparison.Ordinal);
        Assert.Equal(ToolNames, last.Tools.Where(tool => tool.StartsWith("tasks_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_conversation_lists_the_tasks_of_its_tenant_alone()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        await SayOnceAsync(tenant.Client, Creation("mine"));
        await SayOnceAsync(other.Client, Creation("theirs"));
        var mark = NewMark();

        await SayOnceAsync(tenant.Client, mark, "#tool=tasks_list {}");

        var result = Assert.Single((await AskedAsync(mark))[^1].Results);
        Assert.Contains("mine", result, StringComparison.Ordinal);
        Assert.Contains((await TasksAsync(tenant.Client))[0].GetProperty("taskId").GetString()!, result, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_deletes_a_task_of_its_tenant_alone()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        await SayOnceAsync(tenant.Client, Creation("mine"));
        await SayOnceAsync(other.Client, Creation("theirs"));
        var mine = Assert.Single(await TasksAsync(tenant.Client)).GetProperty("taskId").GetString();
        var theirs = Assert.Single(await TasksAsync(other.Client)).GetProperty("taskId").GetString();

        await SayOnceAsync(tenant.Client, $$"""#tool=tasks_delete {"taskId":"{{theirs}}"}""", $$"""#tool=tasks_delete {"taskId":"{{mine}}"}""");

        Assert.Empty(await TasksAsync(tenant.Client));
        Assert.Single(await TasksAsync(other.Client));
    }

    [Fact]
    public async Task Why_a_task_cannot_be_created_is_told_to_the_model()
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();

        var answer = await SayOnceAsync(tenant.Client, mark, """#tool=tasks_create {"name":"n","cron":"now and then","message":"hello"}""");

        Assert.Contains("schedule", Assert.Single((await AskedAsync(mark))[^1].Results), StringComparison.Ordinal);
        Assert.Empty(ActionsIn(answer));
        Assert.Empty(await TasksAsync(tenant.Client));
    }

    [Fact]
    public async Task A_sender_who_may_not_execute_makes_no_task_that_does()
    {
        using var tenant = await NewTenantAsync();
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["read", "write"], Cancellation)).Key);

        var answer = await SayOnceAsync(writer, Creation("forbidden", "\"command\":\"ls\""));

        Assert.Empty(ActionsIn(answer));
        Assert.Empty(await TasksAsync(tenant.Client));
        await SayOnceAsync(writer, Creation("allowed"));
        Assert.Equal("allowed", Assert.Single(await TasksAsync(tenant.Client)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_message_of_a_task_is_answered_by_the_model_that_it_names()
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();
        var created = SessionCalls.Require(
            await tenant.Client.PostAsync(
                "/api/tasks", new { name = "n", schedule = "@yearly", action = new { type = "message", content = mark, model = "gpt-4o-mini" } }, Cancellation),
            201);
        var path = $"/api/tasks/{created.Text("taskId")}";
        SessionCalls.Require(await tenant.Client.PostAsync($"{path}/run", null, Cancellation), 202);

        var runs = await Eventually.IsAsync(
            () => tenant.Client.ListAsync($"{path}/runs", "runs", Cancellation),
            runs => runs.TrueForAll(run => run.GetProperty("status").GetString() == "succeeded"),
            Cancellation);

        Assert.Contains(mark, Assert.Single(runs).GetProperty("result").GetProperty("content").GetString(), StringComparison.Ordinal);
        var session = await tenant.Client.GetSessionAsync(runs[0].GetProperty("sessionId").GetString()!, Cancellation);
        Assert.Equal("gpt-4o-mini", SessionCalls.Require(session, 200).Text("model"));
    }
}
