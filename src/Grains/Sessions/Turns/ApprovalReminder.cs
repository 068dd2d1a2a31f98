using OpenClaw.Grains.Sessions.Journal;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// Wakes a session when what its turn waits for has expired: until then nothing of it need be in memory. Its changes follow one
/// another, so that the end of one request never takes the reminder of the next.
/// </summary>
internal sealed class ApprovalReminder(SessionServices services, SessionJournal journal, IGrainBase grain)
{
    public const string Name = "approval";

    /// <summary>Orleans' shortest; the first tick is the one that counts.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>The reminder is made before the request: it is not to come before the request's time is over.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private Task _last = Task.CompletedTask;

    /// <summary>Makes sure of the reminder, then asks: a request without one might wait for ever.</summary>
    /// <param name="time">How long the request waits.</param>
    /// <param name="ask">Writes the request.</param>
    /// <param name="cancellation">The turn's.</param>
    public Task AskAsync(TimeSpan time, Func<Task> ask, CancellationToken cancellation) => InTurnAsync(async () =>
    {
        await RegisterAsync(time + Margin, cancellation);
        await ask();
    });

    /// <summary>Unless something is waited for again. Never throws: one that is left over is removed when it comes due.</summary>
    public Task RemoveAsync() => InTurnAsync(async () =>
    {
        if (ApprovalRules.AreAwaited(journal.Mailbox)) return;
        try
        {
            await RemoveAsync(grain);
        }
        catch (Exception failure)
        {
            services.Logger.ReminderLeft(failure, grain.GrainContext.GrainId.ToString());
        }
    });

    public static async Task RemoveAsync(IGrainBase grain)
    {
        if (await grain.GetReminder(Name) is { } reminder) await grain.UnregisterReminder(reminder);
    }

    /// <summary>The silo that keeps the reminder may have just died: another takes its place within seconds.</summary>
    private async Task RegisterAsync(TimeSpan due, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await grain.RegisterOrUpdateReminder(Name, due, Period, cancellation);
                return;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is not ObjectDisposedException)
            {
                services.Logger.ReminderFailed(failure, grain.GrainContext.GrainId.ToString());
            }

            await Task.Delay(RetryPause, services.Time, cancellation);
        }
    }

    private async Task InTurnAsync(Func<Task> change)
    {
        var previous = _last;
        var own = new TaskCompletionSource();
        _last = own.Task;
        await previous;
        try
        {
            await change();
        }
        finally
        {
            own.SetResult();
        }
    }
}
