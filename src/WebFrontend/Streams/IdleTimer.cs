namespace OpenClaw.WebFrontend.Streams;

/// <summary>Timers that stand still until something is to be looked after.</summary>
internal static class IdleTimer
{
    /// <summary>A timer that does not run yet, and holds nothing of whoever makes it but <paramref name="onTick"/>.</summary>
    public static ITimer CreateIdleTimer(this TimeProvider time, Action onTick)
    {
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            return time.CreateTimer(static state => ((Action)state!)(), onTick, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
