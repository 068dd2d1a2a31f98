namespace OpenClaw.Grains.Webhooks;

/// <summary>When a delivery that failed is tried again.</summary>
internal static class RetrySchedule
{
    /// <summary>Of a wait, upwards or downwards: receivers that came back are not met by everything at once.</summary>
    private const double Jitter = 0.1;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24),
    ];

    /// <summary>The first attempt and those after a wait.</summary>
    public static int MaxAttempts => Waits.Length + 1;

    /// <summary>The wait before the next attempt, or null when there is none.</summary>
    /// <param name="attempts">How many have failed, 1 or more.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan? WaitAfter(int attempts, double random) =>
        attempts < MaxAttempts ? Waits[attempts - 1] * (1 + (Jitter * ((2 * random) - 1))) : null;
}
