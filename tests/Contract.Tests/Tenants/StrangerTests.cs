using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tenants;

/// <summary>
/// Walks every route that the server describes, with another tenant's ids: a stranger is told what he is told of an id that
/// does not exist. A route that comes later is walked as well, or fails here until it says what it takes.
/// </summary>
public abstract class StrangerTests(DatabaseServers servers) : ContractTest(servers)
{
    private const string Secret = "the owner's secret title";

    /// <summary>Routes without an id in their path: nothing of another tenant can be asked of them by name.</summary>
    private static readonly string[] WithoutIds =
    [
        "get /api/sessions", "post /api/sessions", "get /api/usage",
        // Paths name files of the caller's own workspace; FileTests shows that they lead to no other.
        "get /api/files/read", "post /api/files/write", "get /api/files/list", "get /api/files/search", "post /api/files/move", "delete /api/files",
        // So it is with commands: CommandTests shows that they see nothing of another tenant.
        "post /api/commands/execute", "post /api/commands/execute/stream",
        // A browser's session is a name within the tenant: PageTests shows that the same name of another tenant is another context.
        "post /api/browser/open", "get /api/browser/screenshot", "post /api/browser/execute", "get /api/browser/snapshot", "post /api/browser/act", "delete /api/browser",
        // Keys name entries of the caller's own memory; FurnishAsync stores one whose key no list of a stranger's may show.
        "post /api/memory", "get /api/memory", "delete /api/memory", "get /api/memory/search", "post /api/memory/undo", "get /api/memory/export", "post /api/memory/import",
        // Names name the caller's own skills; FurnishAsync installs one that no list of a stranger's may show.
        "get /api/skills", "post /api/skills/install",
        // Tasks and webhooks are their tenant's: FurnishAsync makes some that no list of a stranger's may show.
        "get /api/tasks", "post /api/tasks", "get /api/webhooks", "post /api/webhooks",
        // A connection is told of its key's tenant alone: Sockets.EventTests shows it.
        "get /ws", "post /api/ws/tickets", "post /api/console/login", "post /api/console/logout", "get /docs/events",
        "get /healthz", "get /readyz", "get /metrics", "get /openapi/v1.json", "get /docs",
    ];

    private const string AdminPrefix = "/api/admin/";

    public sealed class OnSqlite(Servers servers) : StrangerTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : StrangerTests(servers.OnPostgres);

    [Fact]
    public async Task Another_tenants_ids_are_as_unknown_as_ids_that_never_were()
    {
        using var owner = await NewTenantAsync();
        using var stranger = await NewTenantAsync();
        await stranger.LimitMessagesAsync(100_000, Cancellation);
        var theirs = await FurnishAsync(owner);
        var session = (await owner.Client.GetSessionAsync(theirs["sessionId"], Cancellation)).Body;

        foreach (var (method, path, body) in await RoutesAsync(owner.Client))
        {
            var route = $"{method} {path}";
            if (WithoutIds.Contains(route))
                continue;
            var isAdmins = path.StartsWith(AdminPrefix, StringComparison.Ordinal);
            Assert.True(isAdmins || path.Contains('{', StringComparison.Ordinal), $"'{route}' has no id: add it to {nameof(WithoutIds)}, with a test that it leaks nothing.");

            var known = await AskAsync(stranger.Client, method, Fill(path, theirs), body);
            var unknown = await AskAsync(stranger.Client, method, Fill(path, theirs.ToDictionary(id => id.Key, id => Unknown(id.Value))), body);
            Assert.True(known.Status == (isAdmins ? 403 : 404), $"'{route}' with another tenant's ids: {known}");
            Assert.Equal(Bare(unknown), Bare(known));
        }

        Assert.Equal(session, (await owner.Client.GetSessionAsync(theirs["sessionId"], Cancellation)).Body);
        Assert.Equal(2, (await owner.Client.HistoryAsync(theirs["sessionId"], Cancellation)).Count);
    }

    [Fact]
    public async Task Lists_show_a_stranger_nothing_of_another_tenant_whatever_cursor_he_has()
    {
        using var owner = await NewTenantAsync();
        using var stranger = await NewTenantAsync();
        var theirs = await FurnishAsync(owner);
        await owner.Client.CreateSessionAsync(Cancellation);
        var cursor = (await owner.Client.GetAsync("/api/sessions?limit=1", Cancellation)).Text("nextCursor");
        Assert.NotNull(cursor);

        foreach (var route in WithoutIds.Where(route => route.StartsWith("get ", StringComparison.Ordinal)))
        {
            foreach (var query in new[] { "", $"?cursor={Uri.EscapeDataString(cursor)}" })
            {
                var answer = await stranger.Client.GetAsync(route["get ".Length..] + query, Cancellation);
                Assert.All(
                    theirs.Values.Append(Secret).Append(owner.Key),
                    secret => Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal));
            }
        }

        Assert.Empty((await stranger.Client.GetAsync("/api/usage", Cancellation)).Json.GetProperty("usage").EnumerateArray());
    }

    /// <summary>One of everything that has an id, by the name that the id has in paths.</summary>
    private static async Task<Dictionary<string, string>> FurnishAsync(TestTenant owner)
    {
        var sessionId = await owner.Client.CreateSessionAsync(Cancellation, new { title = Secret });
        SessionCalls.Require(await owner.Client.SendMessageAsync(sessionId, "hello", Cancellation), 200);
        var (keyId, _) = await owner.CreateKeyAsync(["read"], Cancellation);
        var command = await owner.Client.PostAsync("/api/commands/execute", new { command = "true", background = true }, Cancellation);
        var asking = await owner.Client.CreateSessionAsync(Cancellation, new { toolPolicy = new[] { new { tool = "*", decision = "ask" } } });
        var asked = SessionCalls.Require(await owner.Client.SendMessageAsync(asking, "run `true`", Cancellation), 200);
        const string remembered = "what-the-owner-remembers";
        await owner.Client.PostAsync("/api/memory", new { key = remembered, value = Secret }, Cancellation);
        const string skilled = "what-the-owner-can-do";
        await owner.Client.PostAsync("/api/files/write", new { path = "/Projects/skill/SKILL.md", content = $"---\nname: {skilled}\ndescription: {Secret}\n---\n" }, Cancellation);
        SessionCalls.Require(await owner.Client.PostAsync("/api/skills/install", new { source = "file", path = "/Projects/skill" }, Cancellation), 200);
        var task = SessionCalls.Require(
            await owner.Client.PostAsync("/api/tasks", new { name = Secret, schedule = "@yearly", action = new { type = "message", content = Secret } }, Cancellation), 201);
        // Port 9 is where everything is discarded, and nobody listens.
        var webhook = SessionCalls.Require(
            await owner.Client.PostAsync("/api/webhooks", new { @event = "error.occurred", url = "http://127.0.0.1:9/what-the-owner-is-told" }, Cancellation), 201);
        var delivery = SessionCalls.Require(await owner.Client.PostAsync($"/api/webhooks/{webhook.Text("webhookId")}/test", null, Cancellation), 200);
        return new Dictionary<string, string>
        {
            ["taskId"] = task.Text("taskId")!, ["webhookId"] = webhook.Text("webhookId")!, ["deliveryId"] = delivery.Text("deliveryId")!,
            ["name"] = skilled,
            ["key"] = remembered,
            ["approvalId"] = asked.Json.GetProperty("approvals")[0].GetProperty("approvalId").GetString()!,
            ["sessionId"] = sessionId, ["keyId"] = keyId, ["tenantId"] = owner.TenantId, ["commandId"] = command.Text("commandId")!,
        };
    }

    /// <summary>Every route of the running server's own description, with a body that it would take.</summary>
    private static async Task<List<(string Method, string Path, string? Body)>> RoutesAsync(ApiClient client)
    {
        var document = (await client.GetAsync("/openapi/v1.json", Cancellation)).Json;
        var routes = new List<(string, string, string?)>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(operation => operation.Value.TryGetProperty("responses", out _)))
                routes.Add((operation.Name, path.Name, ExampleBody(operation.Value)));
        }

        return routes;
    }

    private static string? ExampleBody(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body)
            || !body.TryGetProperty("content", out var content) || !content.TryGetProperty("application/json", out var json))
            return null;
        if (json.TryGetProperty("example", out var example))
            return example.GetRawText();
        return json.TryGetProperty("examples", out var examples)
            ? examples.EnumerateObject().First().Value.GetProperty("value").GetRawText()
            : "{}";
    }

    private static string Fill(string path, Dictionary<string, string> ids)
    {
        foreach (var (name, id) in ids)
            path = path.Replace($"{{{name}}}", id, StringComparison.Ordinal);
        Assert.False(path.Contains('{', StringComparison.Ordinal), $"'{path}' takes an id that no tenant of this test has: make one in {nameof(FurnishAsync)}.");
        return path;
    }

    /// <summary>An id of the same shape that nobody has.</summary>
    private static string Unknown(string id) => string.Concat(id.AsSpan(0, id.Length - 4), "zzzz");

    private static async Task<ApiResponse> AskAsync(ApiClient client, string method, string path, string? body)
    {
        using var content = body is null ? null : new StringContent(body, null, "application/json");
        return await client.SendAsync(new HttpMethod(method.ToUpperInvariant()), path, content, Cancellation);
    }

    /// <summary>The answer without what differs between any two.</summary>
    private static string Bare(ApiResponse answer) =>
        $"{answer.Status} {answer.ContentType} {answer.Body.Replace(answer.Text("error", "requestId")!, "", StringComparison.Ordinal)}";
}
