using Microsoft.Extensions.Logging;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// The second guard of a long turn, beside the watchdog: a reminder that wakes its session wherever the cluster has room.
/// Only turns that run longer than <see cref="After"/> pay its two SQL writes.
/// </summary>
internal sealed class TurnReminder : IAsyncDisposable
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(10);

    /// <summary>Orleans' shortest period.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private const string Name = "turn";

    private readonly IGrainBase _grain;
    private readonly ILogger _logger;
    private readonly TaskScheduler _scheduler = TaskScheduler.Current;
    private readonly ITimer _timer;
    private Task? _registration;
    private bool _ended;

    public TurnReminder(IGrainBase grain, TimeProvider time, ILogger logger)
    {
        _grain = grain;
        _logger = logger;
        _timer = time.CreateTimer(
            static state => ((TurnReminder)state!).OnDue(), this, After, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// The turn has ended: nobody needs to be reminded. Never throws: a reminder that is left over finds no turn when it
    /// comes due, and is removed then.
    /// </summary>
    public async Task RemoveAsync()
    {
        _ended = true;
        await DisposeAsync();
        if (_registration is null) return;
        await _registration;
        try
        {
            await RemoveAsync(_grain);
        }
        catch (Exception failure)
        {
            _logger.ReminderLeft(failure, _grain.GrainContext.GrainId.ToString());
        }
    }

    public static async Task RemoveAsync(IGrainBase grain)
    {
        if (await grain.GetReminder(Name) is { } reminder) await grain.UnregisterReminder(reminder);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>The timer's thread is not the activation's: the registration runs on its scheduler.</summary>
    private void OnDue() => _ = Task.Factory.StartNew(
        () => _registration = _ended ? null : RegisterAsync(), CancellationToken.None, TaskCreationOptions.None, _scheduler);

    private async Task RegisterAsync()
    {
        try
        {
            await _grain.RegisterOrUpdateReminder(Name, Period, Period);
        }
        catch (Exception failure)
        {
            // The watchdog still guards the turn.
            _logger.ReminderFailed(failure, _grain.GrainContext.GrainId.ToString());
        }
    }
}
