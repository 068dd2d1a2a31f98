using System.Text.Json;
using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>The task routes in one call each. What is not the call's purpose must have succeeded, or it throws.</summary>
public abstract class TaskTest(DatabaseServers servers) : ContractTest(servers)
{
    /// <summary>A schedule that no test waits for.</summary>
    protected const string Rarely = "0 0 1 1 *";

    /// <summary>Where a command of <see cref="Waiting"/> looks for the sign to go on.</summary>
    private const string Sign = "/Projects/go";

    /// <summary>Statuses of a run that says nothing more.</summary>
    private static readonly string[] Ended = ["succeeded", "failed", "timeout", "skipped", "cancelled"];

    private static readonly string[] ErrorCodes = ["INVALID_REQUEST", "UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "RATE_LIMITED", "INTERNAL_ERROR"];

    /// <summary>An action that says something and ends at once.</summary>
    protected static object Message(string content = "hello", string? sessionId = null) =>
        sessionId is null ? new { type = "message", content } : new { type = "message", content, sessionId };

    protected static object Command(string command, string cwd = "/Projects") => new { type = "command", command, cwd };

    protected static object Skill(string name, object? parameters = null) => new { type = "skill", name, @params = parameters ?? new { } };

    /// <summary>The skill that <see cref="InstallEchoAsync"/> installs; its result is its parameters.</summary>
    protected static object Echo(string text) => new { type = "skill", name = "echo", action = "say", @params = new { text } };

    /// <summary>An action of no skill that is installed: each of its runs fails at once.</summary>
    protected static object Missing { get; } = Skill("not-there");

    /// <summary>A command that ends when <see cref="LetGoAsync"/> is called.</summary>
    protected static object Waiting { get; } = Command("until [ -e go ]; do sleep 0.05; done");

    protected static object EverySecond { get; } = new { everySeconds = 1 };

    /// <summary>A body with a schedule that no test waits for, and further fields.</summary>
    protected static Dictionary<string, object?> Body(object action, object? schedule = null, params (string Name, object? Value)[] more)
    {
        var body = new Dictionary<string, object?> { ["name"] = "a task", ["schedule"] = schedule ?? Rarely, ["action"] = action };
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }

    /// <summary>Creates and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryCreateAsync(ApiClient client, object body, params (string Name, string Value)[] headers) =>
        client.PostAsync("/api/tasks", body, Cancellation, headers);

    /// <summary>Creates and returns the task's id.</summary>
    protected static async Task<string> CreateAsync(ApiClient client, object body) =>
        SessionCalls.Require(await TryCreateAsync(client, body), 201).Text("taskId")!;

    /// <summary>Creates a task with a schedule that no test waits for.</summary>
    protected static Task<string> CreateAsync(ApiClient client, object action, object? schedule, params (string Name, object? Value)[] more) =>
        CreateAsync(client, Body(action, schedule, more));

    /// <summary>Reads a task and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryGetAsync(ApiClient client, string taskId) => client.GetAsync($"/api/tasks/{taskId}", Cancellation);

    protected static async Task<JsonElement> TaskAsync(ApiClient client, string taskId) =>
        SessionCalls.Require(await TryGetAsync(client, taskId), 200).Json;

    /// <summary>The task as soon as it is so.</summary>
    protected static Task<JsonElement> TaskAsync(ApiClient client, string taskId, Func<JsonElement, bool> condition) =>
        Eventually.IsAsync(() => TaskAsync(client, taskId), condition, Cancellation);

    /// <summary>Changes and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryChangeAsync(ApiClient client, string taskId, object body) => client.PatchAsync($"/api/tasks/{taskId}", body, Cancellation);

    protected static async Task<JsonElement> ChangeAsync(ApiClient client, string taskId, object body) =>
        SessionCalls.Require(await TryChangeAsync(client, taskId, body), 200).Json;

    /// <summary>Deletes and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryDeleteAsync(ApiClient client, string taskId) => client.DeleteAsync($"/api/tasks/{taskId}", Cancellation);

    /// <summary>Has it run beside its slots and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryRunAsync(ApiClient client, string taskId, params (string Name, string Value)[] headers) =>
        client.PostAsync($"/api/tasks/{taskId}/run", null, Cancellation, headers);

    /// <summary>Has it run beside its slots and returns the run's id.</summary>
    protected static async Task<string> RunAsync(ApiClient client, string taskId) =>
        SessionCalls.Require(await TryRunAsync(client, taskId), 202).Text("runId")!;

    /// <summary>Has it run beside its slots and returns the run when it has ended.</summary>
    protected static async Task<JsonElement> RunToEndAsync(ApiClient client, string taskId) =>
        await EndAsync(client, taskId, await RunAsync(client, taskId));

    /// <summary>Creates a task of this action, has it run once, and returns the run when it has ended.</summary>
    protected static async Task<JsonElement> RunOnceAsync(ApiClient client, object action, params (string Name, object? Value)[] more) =>
        await RunToEndAsync(client, await CreateAsync(client, action, Rarely, more));

    /// <summary>A page of runs, and nothing asked of the answer.</summary>
    protected static Task<ApiResponse> TryListRunsAsync(ApiClient client, string taskId, string query = "") =>
        client.GetAsync($"/api/tasks/{taskId}/runs{query}", Cancellation);

    /// <summary>All runs, the latest first.</summary>
    protected static Task<List<JsonElement>> RunsAsync(ApiClient client, string taskId, int limit = 200) =>
        client.ListAsync($"/api/tasks/{taskId}/runs", "runs", Cancellation, limit);

    /// <summary>All runs as soon as they are so.</summary>
    protected static Task<List<JsonElement>> RunsAsync(ApiClient client, string taskId, Func<List<JsonElement>, bool> condition) =>
        Eventually.IsAsync(() => RunsAsync(client, taskId), condition, Cancellation);

    /// <summary>The run when it has ended.</summary>
    protected static async Task<JsonElement> EndAsync(ApiClient client, string taskId, string runId) =>
        Run(await RunsAsync(client, taskId, runs => HasEnded(Run(runs, runId))), runId);

    /// <summary>The run as soon as it has this status.</summary>
    protected static async Task<JsonElement> StatusAsync(ApiClient client, string taskId, string runId, string status) =>
        Run(await RunsAsync(client, taskId, runs => Text(Run(runs, runId), "status") == status), runId);

    protected static JsonElement Run(List<JsonElement> runs, string runId) => runs.Single(run => Text(run, "runId") == runId);

    protected static bool HasEnded(JsonElement run) => Ended.Contains(Text(run, "status"));

    protected static string Text(JsonElement value, string property) => value.GetProperty(property).GetString()!;

    protected static List<string> StatusesOf(IEnumerable<JsonElement> runs) => [.. runs.Select(run => Text(run, "status"))];

    /// <summary>The result of a run that has succeeded.</summary>
    protected static JsonElement ResultOf(JsonElement run)
    {
        Assert.True(Text(run, "status") == "succeeded" && !HasValue(run, "error"), run.GetRawText());
        return run.GetProperty("result");
    }

    /// <summary>The error of a run that has not succeeded.</summary>
    protected static JsonElement ErrorOf(JsonElement run, string status = "failed")
    {
        Assert.True(Text(run, "status") == status && !HasValue(run, "result"), run.GetRawText());
        var error = run.GetProperty("error");
        Assert.Contains(Text(error, "code"), ErrorCodes);
        Assert.False(string.IsNullOrWhiteSpace(Text(error, "message")), run.GetRawText());
        return error;
    }

    /// <summary>True when the object has the property and it is not null.</summary>
    protected static bool HasValue(JsonElement value, string property) =>
        value.TryGetProperty(property, out var found) && found.ValueKind != JsonValueKind.Null;

    protected static Task<ApiResponse> InstallEchoAsync(ApiClient client) => SkillFolders.InstallAsync(
        client, "echo", Cancellation, ("SKILL.md", SkillFolders.Manifest("echo", "Says again what it is told.", "Call say.")), ("actions.json", SkillFolders.Echo));

    /// <summary>Lets every <see cref="Waiting"/> command of the tenant end.</summary>
    protected static async Task LetGoAsync(ApiClient client) =>
        SessionCalls.Require(await client.PostAsync("/api/files/write", new { path = Sign, content = "" }, Cancellation), 200);

    /// <summary>The two are the same JSON, however it is written.</summary>
    protected static void AreSame(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected}, got {actual.GetRawText()}");

    protected static (string, string) IdempotencyKey(string value) => ("Idempotency-Key", value);

    /// <summary>A client with a key of these scopes alone.</summary>
    protected static async Task<ApiClient> ClientWithAsync(TestTenant tenant, params string[] scopes) =>
        tenant.ClientWith((await tenant.CreateKeyAsync(scopes, Cancellation)).Key);
}
