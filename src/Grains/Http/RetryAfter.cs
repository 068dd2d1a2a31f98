using System.Globalization;

namespace OpenClaw.Grains.Http;

/// <summary>How long a server wants to be left alone: <c>Retry-After</c> (RFC 9110, section 10.2.3), in fractions of a second too, as some providers have it.</summary>
internal static class RetryAfter
{
    /// <summary>Null when nothing is said.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        if (response.Headers.TryGetValues("retry-after-ms", out var values) && Number(values) is { } milliseconds)
            return TimeSpan.FromMilliseconds(milliseconds);
        if (response.Headers.RetryAfter?.Date is { } date)
        {
            var wait = date - time.GetUtcNow();
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }

        return response.Headers.NonValidated.TryGetValues("Retry-After", out var text) && Number(text) is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    /// <summary>A number of at most a day's milliseconds, so that no header overflows a time.</summary>
    private static double? Number(IEnumerable<string> values) =>
        double.TryParse(values.FirstOrDefault(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, 86_400_000)
            : null;
}
