using Microsoft.Extensions.Logging;

namespace OpenClaw.Grains.Tasks;

/// <summary>
/// Wakes a task at its next slot: by a timer to the millisecond while the task is active, by a reminder while it is not. What neither
/// does, <see cref="TaskWatch"/> does some seconds later. Used from one activation's scheduler only.
/// </summary>
internal sealed partial class TaskAlarm(IGrainBase grain, TaskServices services, Action ring) : IDisposable
{
    private const string Reminder = "task";

    /// <summary>Orleans' shortest period of a reminder: that of its repetition until the next one is set.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Timers hold 49 days. One that comes too early sets the next.</summary>
    private static readonly TimeSpan LongestReminder = TimeSpan.FromDays(30);

    /// <summary>Beyond that the reminder is enough.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private static readonly TimeSpan Smallest = TimeSpan.FromMilliseconds(1);

    private readonly ILogger _logger = services.Logger;
    private IGrainTimer? _timer;
    private DateTimeOffset? _next;

    /// <summary>The reminder, or that there is none, agrees with the next slot.</summary>
    private bool _isKept;

    /// <summary>There is a reminder that repeats itself.</summary>
    private bool _exists;

    private bool _isToKeep;
    private Task _keeping = Task.CompletedTask;

    /// <summary>Sets both, or takes both away. Returns at once and never fails.</summary>
    public void Set(DateTimeOffset? next)
    {
        if (next is { } slot && slot - services.Time.GetUtcNow() is var due && due <= LongestTimer) RingIn(due);
        else _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (next == _next && _isKept) return;
        _next = next;
        Keep();
    }

    /// <summary>Rings by the timer alone.</summary>
    public void RingIn(TimeSpan due)
    {
        // A timer may not come before the slot, and counts whole milliseconds.
        var whole = due <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds));
        if (_timer is null)
        {
            _timer = grain.RegisterGrainTimer(
                _ =>
                {
                    ring();
                    return Task.CompletedTask;
                },
                new GrainTimerCreationOptions(whole, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }
        else
        {
            _timer.Change(whole < Smallest ? Smallest : whole, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>An activation before this one has set the reminder.</summary>
    public void Assume(DateTimeOffset? next) => (_next, _isKept, _exists) = (next, true, next is not null);

    /// <summary>The reminder came too early, or another time is to be set whatever there is.</summary>
    public void Forget() => (_isKept, _exists) = (false, false);

    /// <summary>Takes both away. Completes when the reminder is gone, or cannot be removed now.</summary>
    public Task RemoveAsync()
    {
        Forget();
        Set(null);
        return _keeping;
    }

    public void Dispose() => _timer?.Dispose();

    private void Keep()
    {
        _isToKeep = true;
        if (_keeping.IsCompleted) _keeping = KeepAsync();
    }

    private async Task KeepAsync()
    {
        while (_isToKeep)
        {
            (_isToKeep, _isKept) = (false, true);
            try
            {
                if (_next is { } next) await RegisterAsync(next);
                else await UnregisterAsync();
            }
            catch (Exception failure)
            {
                _isKept = false;
                LogFailed(failure, grain.GrainContext.GrainId.ToString());
            }
        }
    }

    private async Task RegisterAsync(DateTimeOffset next)
    {
        var due = next - services.Time.GetUtcNow();
        // Slots that come faster than reminders repeat have one that goes on.
        if (due < Period && _exists) return;
        await grain.RegisterOrUpdateReminder(Reminder, due < TimeSpan.Zero ? TimeSpan.Zero : due > LongestReminder ? LongestReminder : due, Period);
        _exists = true;
    }

    private async Task UnregisterAsync()
    {
        if (await grain.GetReminder(Reminder) is { } reminder) await grain.UnregisterReminder(reminder);
        _exists = false;
    }

    [LoggerMessage(8304, LogLevel.Warning, "The reminder of {Grain} could not be changed; what it would have told is found by the watch")]
    private partial void LogFailed(Exception exception, string grain);
}
