using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>Connections to <c>/ws</c> in one call each.</summary>
public abstract class SocketTest(DatabaseServers servers) : ContractTest(servers)
{
    /// <summary>The close code of a connection that is not, or no longer, authenticated.</summary>
    protected const int Unauthenticated = 4401;

    protected const string BothChannels = """{"type":"subscribe","channels":["messages","tasks"]}""";

    protected const string Ping = """{"type":"ping"}""";

    protected static IReadOnlyList<string> Messages { get; } = ["messages"];

    protected static IReadOnlyList<string> Both { get; } = ["messages", "tasks"];

    /// <summary>A connection with the tenant's key in its headers.</summary>
    protected static Task<ApiSocket> OpenAsync(TestTenant tenant, string? key = null) =>
        ApiSocket.OpenAsync(tenant.Server.BaseAddress, Cancellation, "", ("Authorization", $"Bearer {key ?? tenant.Key}"));

    /// <summary>A connection that is subscribed to both channels.</summary>
    protected static async Task<ApiSocket> SubscribeAsync(TestTenant tenant, string? key = null)
    {
        var socket = await OpenAsync(tenant, key);
        await socket.AskAsync(BothChannels, "subscribed", Cancellation);
        return socket;
    }

    /// <summary>A connection that goes on after this event of the tenant.</summary>
    protected static async Task<ApiSocket> SubscribeAsync(TestTenant tenant, long after)
    {
        var socket = await OpenAsync(tenant);
        await socket.SendAsync(new { type = "subscribe", channels = Both, after }, Cancellation);
        return socket;
    }

    /// <summary>Sends a message over HTTP and waits for its answer; returns the session's id.</summary>
    protected static async Task<string> TalkAsync(ApiClient client, string content, string? sessionId = null)
    {
        sessionId ??= await client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await client.SendMessageAsync(sessionId, content, Cancellation), 200);
        return sessionId;
    }

    /// <summary>Creates a task that has no slot soon and has it run; returns task and run.</summary>
    protected static async Task<(string TaskId, string RunId)> RunTaskAsync(ApiClient client, object action, string name = "a task")
    {
        var created = SessionCalls.Require(await client.PostAsync("/api/tasks", new { name, schedule = "@yearly", action, retries = 0 }, Cancellation), 201);
        var taskId = created.Text("taskId")!;
        return (taskId, SessionCalls.Require(await client.PostAsync($"/api/tasks/{taskId}/run", null, Cancellation), 202).Text("runId")!);
    }

    protected static object MessageAction(string content = "hello") => new { type = "message", content };

    protected static object MissingSkill { get; } = new { type = "skill", name = "not-there", @params = new { } };

    /// <summary>True for the answer to the message of this session.</summary>
    protected static bool IsAnswer(SocketFrame frame, string sessionId) => frame.IsMessage("assistant", sessionId);

    /// <summary>A refused frame: no event, and the connection goes on.</summary>
    protected static JsonElement IsRefusal(SocketFrame frame, string code, string? field = null, string? id = null)
    {
        Assert.True(frame.Type == "error" && frame.Seq is null && !frame.Json.TryGetProperty("channel", out _), frame.Raw);
        var error = frame.Json.GetProperty("error");
        Assert.True(error.GetProperty("code").GetString() == code, frame.Raw);
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()), frame.Raw);
        if (field is not null)
        {
            Assert.True(error.TryGetProperty("details", out var details), frame.Raw);
            Assert.True(details.GetProperty("field").GetString() == field, frame.Raw);
            Assert.False(string.IsNullOrWhiteSpace(details.GetProperty("reason").GetString()), frame.Raw);
        }

        Assert.Equal(id, frame.Text("id"));
        return error;
    }

    /// <summary>Sends a frame that is refused, and shows that the connection goes on.</summary>
    protected static async Task IsRefusedAsync(ApiSocket socket, object frame, string code, string? field = null, string? id = null)
    {
        IsRefusal(await socket.AskAsync(frame, "error", Cancellation), code, field, id);
        await socket.AskAsync(Ping, "pong", Cancellation);
    }

    /// <summary>Nothing but an error with <c>UNAUTHORIZED</c>, then the close; or no upgrade at all.</summary>
    protected static async Task IsUnauthorizedAsync(Func<Task<ApiSocket>> open)
    {
        try
        {
            await using var socket = await open();
            // A server that waits for the first frame need not be waited for.
            await socket.SendAsync(Ping, Cancellation);
            await IsUnauthorizedAsync(socket);
        }
        catch (SocketRefusedException refusal)
        {
            Assert.Equal(401, refusal.Status);
        }
    }

    /// <summary>Nothing but an error with <c>UNAUTHORIZED</c>, then the close.</summary>
    protected static async Task IsUnauthorizedAsync(ApiSocket socket)
    {
        var frames = await socket.ReadToCloseAsync(Cancellation);
        IsRefusal(Assert.Single(frames), "UNAUTHORIZED");
        Assert.Equal(Unauthenticated, socket.CloseCode);
    }
}
