namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>When an attempt that failed is repeated.</summary>
internal static class RetryRules
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60),
    ];

    /// <summary>The time of the next attempt; null when there is none.</summary>
    /// <param name="attempt">Attempts so far, 1 or more.</param>
    /// <param name="retries">How often it is repeated at most, 0 to 5.</param>
    /// <param name="now">When it failed.</param>
    /// <param name="nextSlot">The task's next slot, which is the next try where it comes first.</param>
    public static DateTimeOffset? NextAttempt(int attempt, int retries, DateTimeOffset now, DateTimeOffset? nextSlot)
    {
        if (attempt > Math.Min(retries, Delays.Length)) return null;
        var next = now + Delays[attempt - 1];
        return next < nextSlot || nextSlot is null ? next : null;
    }
}
