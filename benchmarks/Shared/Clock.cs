namespace OpenClaw.Benchmarks.Shared;

/// <summary>
/// The machine's monotonic clock (CLOCK_MONOTONIC on Linux). Its readings can be compared between processes of one
/// machine, which is how the age of a chunk is measured.
/// </summary>
public static class Clock
{
    /// <summary>Now, in ticks of 1/<see cref="Frequency"/> s.</summary>
    public static long Now => TimeProvider.System.GetTimestamp();

    /// <summary>Ticks per second.</summary>
    public static long Frequency => TimeProvider.System.TimestampFrequency;

    /// <summary>Converts a difference of readings to milliseconds.</summary>
    public static double Milliseconds(long ticks) => ticks * 1000.0 / Frequency;
}
