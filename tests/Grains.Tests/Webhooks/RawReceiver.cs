using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>Speaks whatever a test says on each of its connections, which need not be HTTP.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;

    public RawReceiver(Func<NetworkStream, CancellationToken, Task> speak)
    {
        _listener.Start();
        _accepting = AcceptAsync(speak);
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> speak)
    {
        var connections = new List<Task>();
        while (true)
        {
            try
            {
                connections.Add(SpeakAsync(await _listener.AcceptTcpClientAsync(_stopping.Token), speak));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task SpeakAsync(TcpClient client, Func<NetworkStream, CancellationToken, Task> speak)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                _ = await stream.ReadAtLeastAsync(new byte[64 * 1024], 1, throwOnEndOfStream: false, _stopping.Token);
                await speak(stream, _stopping.Token);
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException)
            {
                // The other side has had enough.
            }
        }
    }
}
