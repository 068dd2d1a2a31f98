using Microsoft.Extensions.Options;

namespace OpenClaw.WebFrontend.Http;

/// <summary>
/// The end of a front-end, in order: <c>/readyz</c> refuses at once; for <see cref="FrontendOptions.StopDelay"/> everything
/// is still served, so that proxies can turn to another front-end first; then open streams end and no connection is taken.
/// </summary>
internal sealed class FrontendDrain : IHostedLifecycleService, IDisposable
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationTokenRegistration _stopping;

    public FrontendDrain(IHostApplicationLifetime lifetime, IOptions<FrontendOptions> options, TimeProvider time)
    {
        _lifetime = lifetime;
        _ending = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var delay = options.Value.StopDelay;
        _stopping = lifetime.ApplicationStopping.Register(() =>
        {
            if (delay == TimeSpan.Zero)
                _ending.Cancel();
            else
                _ending.CancelAfter(delay);
        });
    }

    /// <summary>Cancelled when streams are to end: their clients go on elsewhere.</summary>
    public CancellationToken Ending => _ending.Token;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs before any service is stopped, the server among them.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped without a signal calls this first.
        _lifetime.StopApplication();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var ending = Ending.Register(() => ended.TrySetResult());
        await ended.Task.WaitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _ending.Dispose();
    }
}
