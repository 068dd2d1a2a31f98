namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>When a task runs: one of the three is set.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskSchedule")]
public sealed record TaskSchedule
{
    /// <summary>Of <see cref="EverySeconds"/>: a year, the leap day included.</summary>
    public const int MaxSeconds = 366 * 24 * 60 * 60;

    /// <summary>Of <see cref="Cron"/>, in characters.</summary>
    public const int MaxCronLength = 200;

    /// <summary>A cron expression of 5 fields, or of 6 beginning with seconds, or a name such as <c>@daily</c>.</summary>
    [Id(0)] public string? Cron { get; init; }

    /// <summary>Once, at this time.</summary>
    [Id(1)] public DateTimeOffset? At { get; init; }

    /// <summary>Again and again, 1 to <see cref="MaxSeconds"/> seconds apart.</summary>
    [Id(2)] public int? EverySeconds { get; init; }
}
