using System.Globalization;

namespace OpenClaw.Chaos.Tests;

/// <summary>How a run goes, from environment variables; <c>samples/cluster/chaos.sh</c> sets them.</summary>
internal sealed record ChaosSettings
{
    /// <summary><c>OPENCLAW_CHAOS_DURATION</c>, hours:minutes:seconds: how long faults go on.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>OPENCLAW_CHAOS_SESSIONS</c>: sessions that chat at once.</summary>
    public int Sessions { get; init; } = 200;

    /// <summary><c>OPENCLAW_TEST_SEED</c>: repeats the order of the faults and what clients say; their timing stays the machine's.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary><c>OPENCLAW_CHAOS_DIRECTORY</c>: where the record and the processes' output go; null keeps none.</summary>
    public string? Directory { get; init; }

    /// <summary>Between two faults, when the cluster has recovered by then.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public static ChaosSettings FromEnvironment()
    {
        var settings = new ChaosSettings { Directory = Environment.GetEnvironmentVariable("OPENCLAW_CHAOS_DIRECTORY") };
        if (Environment.GetEnvironmentVariable("OPENCLAW_CHAOS_DURATION") is { } duration)
            settings = settings with { Duration = TimeSpan.Parse(duration, CultureInfo.InvariantCulture) };
        if (Environment.GetEnvironmentVariable("OPENCLAW_CHAOS_SESSIONS") is { } sessions)
            settings = settings with { Sessions = int.Parse(sessions, CultureInfo.InvariantCulture) };
        if (Environment.GetEnvironmentVariable("OPENCLAW_TEST_SEED") is { } seed)
            settings = settings with { Seed = int.Parse(seed, CultureInfo.InvariantCulture) };
        return settings;
    }
}
