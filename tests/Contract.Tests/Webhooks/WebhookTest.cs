using System.Text.Json;
using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Webhooks;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>The webhook routes in one call each. What is not the call's purpose must have succeeded, or it throws.</summary>
public abstract class WebhookTest(DatabaseServers servers) : ContractTest(servers)
{
    protected const string Secret = "your-webhook-secret";

    /// <summary>Of another port than any receiver has: 9 is the port where everything is discarded, and nobody listens.</summary>
    protected const string NobodyThere = "http://127.0.0.1:9/hook";

    protected static Task<WebhookReceiver> StartReceiverAsync() => WebhookReceiver.StartAsync(Cancellation);

    /// <summary>Creates and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryCreateAsync(ApiClient client, object body, params (string Name, string Value)[] headers) =>
        client.PostAsync("/api/webhooks", body, Cancellation, headers);

    /// <summary>Creates and returns the webhook's id.</summary>
    protected static async Task<string> CreateAsync(ApiClient client, string @event, string url, string secret = Secret) =>
        SessionCalls.Require(await TryCreateAsync(client, new { @event, url, secret }), 201).Text("webhookId")!;

    /// <summary>Reads a webhook and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryGetAsync(ApiClient client, string webhookId) => client.GetAsync($"/api/webhooks/{webhookId}", Cancellation);

    protected static async Task<JsonElement> WebhookAsync(ApiClient client, string webhookId) =>
        SessionCalls.Require(await TryGetAsync(client, webhookId), 200).Json;

    protected static Task<List<JsonElement>> WebhooksAsync(ApiClient client, int limit = 200) =>
        client.ListAsync("/api/webhooks", "webhooks", Cancellation, limit);

    /// <summary>Deletes and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryDeleteAsync(ApiClient client, string webhookId) => client.DeleteAsync($"/api/webhooks/{webhookId}", Cancellation);

    /// <summary>A page of deliveries, and nothing asked of the answer.</summary>
    protected static Task<ApiResponse> TryListAsync(ApiClient client, string webhookId, string query = "") =>
        client.GetAsync($"/api/webhooks/{webhookId}/deliveries{query}", Cancellation);

    /// <summary>All deliveries, the latest first.</summary>
    protected static Task<List<JsonElement>> DeliveriesAsync(ApiClient client, string webhookId, int limit = 200) =>
        client.ListAsync($"/api/webhooks/{webhookId}/deliveries", "deliveries", Cancellation, limit);

    /// <summary>All deliveries as soon as they are so.</summary>
    protected static Task<List<JsonElement>> DeliveriesAsync(ApiClient client, string webhookId, Func<List<JsonElement>, bool> condition) =>
        Eventually.IsAsync(() => DeliveriesAsync(client, webhookId), condition, Cancellation);

    /// <summary>The webhook's one delivery as soon as it is so.</summary>
    protected static async Task<JsonElement> DeliveryAsync(ApiClient client, string webhookId, Func<JsonElement, bool> condition) =>
        Assert.Single(await DeliveriesAsync(client, webhookId, deliveries => deliveries.Count == 1 && condition(deliveries[0])));

    /// <summary>Reads a delivery and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryGetDeliveryAsync(ApiClient client, string webhookId, string deliveryId) =>
        client.GetAsync($"/api/webhooks/{webhookId}/deliveries/{deliveryId}", Cancellation);

    /// <summary>Replays and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryReplayAsync(ApiClient client, string webhookId, string deliveryId) =>
        client.PostAsync($"/api/webhooks/{webhookId}/deliveries/{deliveryId}/replay", null, Cancellation);

    /// <summary>Tests and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryTestAsync(ApiClient client, string webhookId) => client.PostAsync($"/api/webhooks/{webhookId}/test", null, Cancellation);

    /// <summary>Says something in a session of its own and returns its id.</summary>
    protected static async Task<string> TalkAsync(ApiClient client, string content = "hello")
    {
        var sessionId = await client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await client.SendMessageAsync(sessionId, content, Cancellation), 200);
        return sessionId;
    }

    protected static Task<ApiResponse> InstallEchoAsync(ApiClient client) => SkillFolders.InstallAsync(
        client, "echo", Cancellation, ("SKILL.md", SkillFolders.Manifest("echo", "Says again what it is told.", "Call say.")), ("actions.json", SkillFolders.Echo));

    /// <summary>Creates a task that has no slot soon and has it run; returns task and run.</summary>
    protected static async Task<(string TaskId, string RunId)> RunTaskAsync(ApiClient client, object action, string name = "a task")
    {
        var created = SessionCalls.Require(await client.PostAsync("/api/tasks", new { name, schedule = "@yearly", action, retries = 0 }, Cancellation), 201);
        var taskId = created.Text("taskId")!;
        return (taskId, SessionCalls.Require(await client.PostAsync($"/api/tasks/{taskId}/run", null, Cancellation), 202).Text("runId")!);
    }

    protected static string Text(JsonElement value, string property) => value.GetProperty(property).GetString()!;

    /// <summary>True when the object has the property and it is not null.</summary>
    protected static bool HasValue(JsonElement value, string property) =>
        value.TryGetProperty(property, out var found) && found.ValueKind != JsonValueKind.Null;

    /// <summary>Waits in an answer until it is let go, or the sender leaves.</summary>
    protected static Func<ReceivedWebhook, Microsoft.AspNetCore.Http.HttpContext, Task> HeldBy(Task gate, Func<ReceivedWebhook, bool>? which = null) =>
        async (webhook, context) =>
        {
            if (which?.Invoke(webhook) is not false) await gate.WaitAsync(context.RequestAborted);
        };
}
