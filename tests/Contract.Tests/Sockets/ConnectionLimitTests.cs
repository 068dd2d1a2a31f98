using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>How many connections a tenant may have to one process.</summary>
public sealed class ConnectionLimitTests(Servers servers) : SocketTest(servers.OnSqlite)
{
    private const int MaxConnections = 1000;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_tenant_has_a_thousand_connections_and_one_that_is_closed_makes_room()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var sockets = new ApiSocket[MaxConnections];
        try
        {
            await Parallel.ForAsync(
                0, MaxConnections, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
                async (number, _) => sockets[number] = await OpenAsync(tenant));
            await Task.WhenAll(sockets.Select(socket => socket.AskAsync(Ping, "pong", Cancellation)));

            await using (var beyond = await OpenAsync(tenant))
            {
                await beyond.ReadToCloseAsync(Cancellation);
                Assert.Equal(4429, beyond.CloseCode);
            }

            await using var theirs = await OpenAsync(other);
            await theirs.AskAsync(Ping, "pong", Cancellation);
            await sockets[0].DisposeAsync();
            Assert.True(await Eventually.IsAsync(IsOpenAsync, open => open, Cancellation));
        }
        finally
        {
            foreach (var socket in sockets.Where(socket => socket is not null)) await socket.DisposeAsync();
        }

        async Task<bool> IsOpenAsync()
        {
            await using var socket = await OpenAsync(tenant);
            await socket.SendAsync(Ping, Cancellation);
            return (await socket.ReadAsync(Cancellation))?.Type == "pong";
        }
    }
}
