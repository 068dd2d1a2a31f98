namespace OpenClaw.Grains.Scheduling;

/// <summary>
/// Looks for work that nobody else goes on with (a crash, a lost database has left it): at a silo's start, and again and again
/// while it runs. What one look leaves, the next finds.
/// </summary>
internal abstract class SiloWatch(TimeSpan interval, TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        GetType().Name,
        ServiceLifecycleStage.Active,
        _ =>
        {
            _loop = Task.Run(RunAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _loop;
        });

    public void Dispose() => _stopping.Dispose();

    /// <summary>Finds what is to be done and has it done.</summary>
    protected abstract Task LookAsync(CancellationToken cancellationToken);

    /// <summary>A look failed; there will be another one.</summary>
    protected abstract void Report(Exception failure, TimeSpan nextIn);

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                await LookOnceAsync();
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The silo stops; another one looks.
        }
    }

    private async Task LookOnceAsync()
    {
        try
        {
            await LookAsync(_stopping.Token);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            Report(exception, interval);
        }
    }
}
