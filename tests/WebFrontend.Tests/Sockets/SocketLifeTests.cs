using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Events;
using OpenClaw.WebFrontend.Sockets;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Sockets;

/// <summary>Signs of life, slow readers, how many there may be, and the end.</summary>
public sealed class SocketLifeTests
{
    private const byte Text = 1;
    private const byte Close = 8;
    private const byte Ping = 9;
    private const byte Pong = 10;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_silent_client_is_pinged_every_thirty_seconds()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var socket = await OpenAsync(host);
        for (var i = 0; i < 5; i++)
        {
            host.Time.Advance(PingInterval);
            Assert.Equal(Ping, (await socket.NextAsync()).Opcode);
            await socket.SendAsync(Pong, []);
            await AskAsync(socket);
        }
    }

    [Fact]
    public async Task A_client_that_answers_no_ping_for_a_minute_is_closed()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var socket = await OpenAsync(host);
        host.Time.Advance(PingInterval);
        Assert.Equal(Ping, (await socket.NextAsync()).Opcode);
        host.Time.Advance(PingInterval);
        Assert.Equal(Ping, (await socket.NextAsync()).Opcode);
        host.Time.Advance(PingInterval);
        Assert.Equal(1008, StatusOf(await socket.NextAsync()));

        // It takes no leave either.
        host.Time.Advance(TimeSpan.FromSeconds(6));
        await socket.EndAsync();
        await host.SocketsAsync(0);
    }

    [Fact]
    public async Task A_ping_of_the_client_is_answered()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var socket = await OpenAsync(host);
        await socket.SendAsync(Ping, [1, 2, 3]);
        var (opcode, payload) = await socket.NextAsync();
        Assert.Equal(Pong, opcode);
        Assert.Equal([1, 2, 3], payload);
    }

    [Fact]
    public async Task Pings_stand_between_frames_never_within_them()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var socket = await RawSocket.OpenAsync(host, 4096);
        await SubscribeAsync(host, socket);
        var content = new string('x', 200_000);
        for (var seq = 1; seq <= 40; seq++)
            host.Events.Publish(new TenantFeedItem(FakeTenantEventsGrain.Message(seq, content: content), null));
        host.Time.Advance(PingInterval);
        var (events, pings) = (0, 0);
        while (events < 40 || pings == 0)
        {
            var (opcode, payload) = await socket.NextAsync();
            if (opcode == Ping)
                pings++;
            else
                Assert.Equal(++events, (int)JsonNode.Parse(payload)!["seq"]!);
        }
    }

    [Fact]
    public async Task A_client_that_reads_slowly_holds_up_its_own_subscription_and_gets_everything_in_order()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var slow = await RawSocket.OpenAsync(host, 4096);
        await SubscribeAsync(host, slow);
        await using var fast = await SocketClient.SubscribeAsync(host);
        var content = new string('x', 60_000);
        const int Total = 300;
        for (var seq = 1; seq <= Total; seq++)
        {
            host.Events.Publish(new TenantFeedItem(FakeTenantEventsGrain.Message(seq, content: content), null));
            Assert.Equal(seq, (int)(await fast.NextAsync())["seq"]!);
        }

        // 18 MB were published; the slow one has taken the outbox full and what lies in the buffers of the connection.
        Assert.InRange(host.Events.Taken, Total, Total + ((SocketOutbox.MaxBytes + (8 * 1024 * 1024)) / content.Length));
        for (var seq = 1; seq <= Total; seq++)
            Assert.Equal(seq, (int)JsonNode.Parse((await slow.NextAsync()).Payload)!["seq"]!);
    }

    [Fact]
    public async Task A_client_that_does_not_read_at_all_is_cut_off()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var socket = await RawSocket.OpenAsync(host, 4096);
        await SubscribeAsync(host, socket);
        var content = new string('x', 200_000);
        for (var seq = 1; seq <= 100; seq++)
            host.Events.Publish(new TenantFeedItem(FakeTenantEventsGrain.Message(seq, content: content), null));
        for (var i = 0; i < 3; i++)
            host.Time.Advance(PingInterval);
        host.Time.Advance(TimeSpan.FromSeconds(6));
        await host.SocketsAsync(0);
    }

    [Fact]
    public async Task A_tenant_has_only_so_many_sockets()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Sockets:MaxConnectionsPerTenant", "2"));
        host.AddKey("oc_acme", "acme", Scopes.All);
        await using var first = await SocketClient.OpenAsync(host);
        await using var second = await SocketClient.OpenAsync(host);
        await second.AskAsync("""{"type":"ping"}""");
        await using (var third = await SocketClient.OpenAsync(host))
            Assert.Equal(("RATE_LIMITED", 4429), await third.RefusedAsync());
        await using (var other = await SocketClient.OpenBareAsync(host, "", ("X-API-Key", "oc_acme")))
            Assert.Equal("pong", (string?)(await other.AskAsync("""{"type":"ping"}"""))["type"]);

        await first.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await host.SocketsAsync(1);
        await using var fourth = await SocketClient.OpenAsync(host);
        Assert.Equal("pong", (string?)(await fourth.AskAsync("""{"type":"ping"}"""))["type"]);
    }

    [Fact]
    public async Task Only_so_many_strangers_may_wait()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Sockets:MaxUnauthenticated", "1"));
        await using var first = await SocketClient.OpenBareAsync(host);
        await host.SocketsAsync(1);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.OpenBareAsync(host));
        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        await first.AskAsync($$"""{"type":"auth","apiKey":"{{FrontendHost.Key}}"}""");
        await using var second = await SocketClient.OpenBareAsync(host);
        Assert.Equal("authenticated", (string?)(await second.AskAsync($$"""{"type":"auth","apiKey":"{{FrontendHost.Key}}"}"""))["type"]);
    }

    [Fact]
    public async Task A_client_that_closes_is_answered_in_kind()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.SubscribeAsync(host);
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
        await host.SocketsAsync(0);
    }

    [Fact]
    public async Task A_client_that_vanishes_leaves_nothing_behind()
    {
        await using var host = await FrontendHost.StartAsync();
        var client = await SocketClient.SubscribeAsync(host);
        client.Socket.Abort();
        await host.SocketsAsync(0);
    }

    [Fact]
    public async Task A_server_that_stops_sends_its_clients_elsewhere()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.SubscribeAsync(host);
        await using var stranger = await SocketClient.OpenBareAsync(host);
        await host.SocketsAsync(2);
        var stopped = host.StopAsync();
        Assert.Equal(1001, await client.ClosedAsync());
        Assert.Equal(1001, await stranger.ClosedAsync());
        await stopped;
    }

    [Theory]
    [InlineData("MaxConnectionsPerTenant", "0")]
    [InlineData("PingInterval", "00:00:00.5")]
    [InlineData("FrameBurst", "0")]
    public async Task A_setting_out_of_its_range_is_named_at_the_start(string setting, string value)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => FrontendHost.StartAsync(($"OpenClaw:Sockets:{setting}", value)));
        Assert.Contains($"OpenClaw:Sockets:{setting}", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<RawSocket> OpenAsync(FrontendHost host)
    {
        var socket = await RawSocket.OpenAsync(host);
        await AskAsync(socket);
        return socket;
    }

    /// <summary>The answer shows that everything before was taken.</summary>
    private static async Task AskAsync(RawSocket socket)
    {
        await socket.SendAsync(Text, """{"type":"ping"}"""u8.ToArray());
        Assert.Equal("""{"type":"pong"}""", Encoding.UTF8.GetString((await socket.NextAsync()).Payload));
    }

    private static async Task SubscribeAsync(FrontendHost host, RawSocket socket)
    {
        await socket.SendAsync(Text, Encoding.UTF8.GetBytes(SocketClient.SubscribeToAll));
        await socket.NextAsync();
        await host.Events.FollowedAsync();
    }

    private static int StatusOf((byte Opcode, byte[] Payload) frame)
    {
        Assert.Equal(Close, frame.Opcode);
        return BinaryPrimitives.ReadUInt16BigEndian(frame.Payload);
    }
}
