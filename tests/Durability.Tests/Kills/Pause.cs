namespace OpenClaw.Durability.Tests.Kills;

/// <summary>Lets time pass by which a crash comes late, or by which an outage is long: what is varied, not waited for.</summary>
internal static class Pause
{
    private static readonly TimeSpan Precise = TimeSpan.FromMilliseconds(50);

    /// <summary>Precise to well below a millisecond, so that crashes do not fall only on frames.</summary>
    public static async Task ForAsync(TimeSpan time)
    {
        var since = TimeProvider.System.GetTimestamp();
        if (time > Precise)
            await Task.Delay(time - Precise);
        while (TimeProvider.System.GetElapsedTime(since) < time)
            await Task.Yield();
    }
}
