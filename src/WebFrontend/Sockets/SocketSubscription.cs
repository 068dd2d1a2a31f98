using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>What one frame subscribed to: a loop that takes what happens and hands it to the socket, as fast as that takes it.</summary>
internal abstract partial class SocketSubscription(Channels channels, TenantId tenant, SocketConnection socket, SocketServices services) : IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private volatile Channels _channels = channels;
    private Task _following = Task.CompletedTask;

    /// <summary>The session that is followed, or null for the tenant's channels.</summary>
    public abstract string? SessionId { get; }

    /// <summary>Nothing comes of it any more.</summary>
    public bool IsOver => _channels == Channels.None || _following.IsCompleted;

    protected TenantId Tenant => tenant;

    protected SocketServices Services => services;

    /// <summary>From now on everything is handed over.</summary>
    public void Start() => _following = RunAsync();

    /// <summary>Gives up some of the channels.</summary>
    public void Leave(Channels these) => _channels &= ~these;

    /// <summary>Nothing is sent after the task completes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await _following;
        _left.Dispose();
    }

    protected bool Has(Channels channel) => (_channels & channel) != Channels.None;

    /// <summary>Hands over everything that happens, until cancelled or until there is nothing more.</summary>
    protected abstract Task FollowAsync(CancellationToken cancellationToken);

    protected ValueTask<bool> SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) => socket.SendAsync(frame, cancellationToken);

    private async Task RunAsync()
    {
        // Whoever subscribes goes on with his next frame.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TenantContext.Set(tenant);
        try
        {
            await FollowAsync(_left.Token);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            LogFailed(services.Logger, exception);
            socket.Close(SocketCloseCodes.Failed);
        }
    }

    [LoggerMessage(6102, LogLevel.Error, "What a socket was subscribed to could not be read any more")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
