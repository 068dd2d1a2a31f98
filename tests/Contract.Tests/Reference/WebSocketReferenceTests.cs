using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Playwright;
using OpenClaw.Contract.Tests.Browsing;
using OpenClaw.Contract.Tests.Sockets;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section WebSocket API.</summary>
public abstract class WebSocketReferenceTests(DatabaseServers servers) : SocketTest(servers)
{
    public sealed class OnSqlite(Servers servers, ChromiumFixture chromium) : WebSocketReferenceTests(servers.OnSqlite), IClassFixture<ChromiumFixture>
    {
        /// <summary>The reference's example as it stands there.</summary>
        private const string Snippet = """
            const ws = new WebSocket('ws://localhost:3000/ws')

            ws.onopen = () => {
              ws.send(JSON.stringify({
                type: 'subscribe',
                channels: ['messages', 'tasks']
              }))
            }

            ws.onmessage = (event) => {
              const data = JSON.parse(event.data)
              console.log('Received:', data)
            }
            """;

        /// <summary>The reference's table of event types.</summary>
        private static readonly string[] Types = ["message", "task.started", "task.completed", "error"];

        /// <summary>In a page of the server's own, whose cookie is the console's.</summary>
        [Fact]
        public async Task 连接_in_a_browser()
        {
            using var tenant = await NewTenantAsync();
            await using var visit = await PageVisit.OpenAsync(chromium, tenant.Server, "/docs/events");
            var received = Channel.CreateUnbounded<IJSHandle>();
            visit.Page.Console += (_, message) =>
            {
                if (message.Text.StartsWith("Received:", StringComparison.Ordinal)) received.Writer.TryWrite(message.Args[1]);
            };
            var status = await visit.Page.EvaluateAsync<int>(
                "async key => (await fetch('/api/console/login', { method: 'POST', headers: { Authorization: `Bearer ${key}` } })).status", tenant.Key);

            // Playwright takes an expression: the example is the body of a function, on the port that this server has.
            await visit.Page.EvaluateAsync($"() => {{ {Snippet.Replace("localhost:3000", tenant.Server.BaseAddress.Authority, StringComparison.Ordinal)} }}");
            var first = await NextAsync();
            await TalkAsync(tenant.Client, "你好");
            await RunTaskAsync(tenant.Client, MissingSkill);
            var types = new HashSet<string>();
            while (!types.IsSupersetOf(Types)) types.Add((await NextAsync()).GetProperty("type").GetString()!);

            Assert.Equal(204, status);
            Assert.Equal("subscribed", first.GetProperty("type").GetString());
            Assert.Empty(visit.Complaints);

            async Task<JsonElement> NextAsync() => await (await received.Reader.ReadAsync(Cancellation)).JsonValueAsync<JsonElement>();
        }

        [Fact]
        public async Task The_page_of_the_example_is_this_servers_own()
        {
            await using var visit = await PageVisit.OpenAsync(chromium, await Servers.Quick, "/docs/events");

            Assert.Contains("new WebSocket(", await visit.Page.ContentAsync(), StringComparison.Ordinal);
            Assert.Empty(visit.Complaints);
            Assert.Empty(visit.Elsewhere);
        }
    }

    public sealed class OnPostgres(Servers servers) : WebSocketReferenceTests(servers.OnPostgres);

    [Fact]
    public async Task 连接()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        await socket.SendAsync("""{"type":"subscribe","channels":["messages","tasks"]}""", Cancellation);
        var subscribed = await socket.ReadAsync(Cancellation);

        Assert.Equal($$"""{"type":"subscribed","channels":["messages","tasks"],"seq":{{subscribed!.Seq}}}""", subscribed.Raw);
    }

    /// <summary>新消息, 任务开始, 任务完成, 错误通知.</summary>
    [Fact]
    public async Task 事件类型()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        var session = await TalkAsync(tenant.Client, "你好");
        var (taskId, runId) = await RunTaskAsync(tenant.Client, MissingSkill, "doomed");
        string[] awaited = ["message", "message", "task.started", "task.completed", "error"];
        var events = new List<SocketFrame>();
        while (events.Count < awaited.Length) events.Add((await socket.ReadUntilAsync(frame => frame.IsEvent, Cancellation))[^1]);

        Assert.Equal(awaited.Order(StringComparer.Ordinal), events.Select(frame => frame.Type).Order(StringComparer.Ordinal));
        Assert.All(events, frame =>
        {
            Shape.Has(frame.Json, "type", "channel", "seq", "timestamp", "data");
            Shape.IsRecentTime(frame.Json.GetProperty("timestamp"));
        });
        var message = events.Find(frame => frame.Type == "message")!;
        Assert.Equal(("messages", "user", "你好", session), (message.Text("channel"), message.DataText("role"), message.DataText("content"), message.DataText("sessionId")));
        Assert.Contains("你好", message.Raw, StringComparison.Ordinal);
        foreach (var type in new[] { "task.started", "task.completed" })
        {
            var task = events.Find(frame => frame.Type == type)!;
            Assert.Equal(("tasks", taskId, runId, "doomed"), (task.Text("channel"), task.DataText("taskId"), task.DataText("runId"), task.DataText("name")));
        }

        var error = events.Find(frame => frame.Type == "error")!;
        Assert.Equal(("task", taskId), (error.DataText("source"), error.DataText("taskId")));
        Shape.Has(error.Data.GetProperty("error"), "code", "message");
    }
}
