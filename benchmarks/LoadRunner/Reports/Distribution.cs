using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Reports;

/// <summary>Percentiles of a set of durations (nearest rank), in milliseconds.</summary>
internal sealed class Distribution
{
    private readonly long[] _sorted;

    /// <param name="ticks">Durations in ticks of <see cref="Clock"/>.</param>
    public Distribution(IEnumerable<long> ticks)
    {
        _sorted = [.. ticks];
        Array.Sort(_sorted);
    }

    public static Distribution OfMilliseconds(IEnumerable<double> milliseconds) =>
        new(milliseconds.Select(one => (long)(one * Clock.Frequency / 1000)));

    public int Count => _sorted.Length;

    /// <summary>NaN when there is nothing.</summary>
    public double Percentile(double percent) => _sorted.Length == 0
        ? double.NaN
        : Clock.Milliseconds(_sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * _sorted.Length) - 1, 0, _sorted.Length - 1)]);
}
