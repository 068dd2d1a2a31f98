using OpenClaw.Benchmarks.LoadRunner.Reports;

namespace OpenClaw.Benchmarks.LoadRunner.Load;

/// <summary>What a load showed. Times in milliseconds.</summary>
internal sealed record LoadResult
{
    public required int Turns { get; init; }

    public required int Errors { get; init; }

    /// <summary>What the first error said, or null.</summary>
    public string? FirstError { get; init; }

    public required double Seconds { get; init; }

    /// <summary>From the request to the frame <c>done</c>.</summary>
    public required Distribution Turn { get; init; }

    /// <summary>From the request to the first byte of the response.</summary>
    public required Distribution FirstByte { get; init; }

    /// <summary>From the request to the first frame with text.</summary>
    public required Distribution FirstFrame { get; init; }

    public required double ServerCpuMs { get; init; }

    public required double ModelCpuMs { get; init; }

    public required double RunnerCpuMs { get; init; }

    /// <summary>The most that the server has held since it started, in MiB.</summary>
    public required double PeakMb { get; init; }

    /// <summary>Sessions created during the measurement because those created ahead were used up.</summary>
    public required int LateSessions { get; init; }

    /// <summary>What the load's meters went on by, by name.</summary>
    public IReadOnlyDictionary<string, double> Spent { get; init; } = new Dictionary<string, double>();

    public double TurnsPerSecond => Turns / Seconds;

    /// <summary>The server's CPU time per turn, in milliseconds.</summary>
    public double CpuPerTurn => ServerCpuMs / Turns;
}
