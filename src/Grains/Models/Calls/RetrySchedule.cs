namespace OpenClaw.Grains.Models.Calls;

/// <summary>How long to wait before the next attempt.</summary>
internal sealed class RetrySchedule(ModelOptions options)
{
    /// <summary>The wait before a retry, or null when no other attempt is to be made.</summary>
    /// <param name="retry">0 for the first retry.</param>
    /// <param name="failure">What the attempt before it met.</param>
    /// <param name="left">What is left of the whole call's time.</param>
    /// <param name="jitter">0 to 1, a new number each time.</param>
    public TimeSpan? Next(int retry, ModelFailure failure, TimeSpan left, double jitter)
    {
        if (!failure.MayRetry || retry >= options.Retries) return null;
        var longest = Math.Min(options.RetryDelay.TotalMilliseconds * Math.Pow(2, retry), options.MaxRetryDelay.TotalMilliseconds);
        var wait = TimeSpan.FromMilliseconds(longest * (1 - (jitter / 2)));
        if (failure.RetryAfter is { } asked)
        {
            if (asked > options.MaxRetryAfter) return null;
            if (asked > wait) wait = asked;
        }

        return wait < left ? wait : null;
    }
}
