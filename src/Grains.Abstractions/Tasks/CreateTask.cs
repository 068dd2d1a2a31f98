namespace OpenClaw.Grains.Abstractions.Tasks;

[GenerateSerializer, Immutable, Alias("OpenClaw.CreateTask")]
public sealed record CreateTask
{
    /// <summary>Milliseconds.</summary>
    public const int DefaultTimeout = 600_000;

    public const int DefaultRetries = 5;

    public const string DefaultZone = "UTC";

    /// <summary>1 to 200 characters.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required TaskSchedule Schedule { get; init; }

    /// <summary>IANA name of the zone in which a cron expression is read.</summary>
    [Id(2)] public string Zone { get; init; } = DefaultZone;

    [Id(3)] public required TaskAction Action { get; init; }

    [Id(4)] public TaskOverlap Overlap { get; init; }

    [Id(5)] public TaskMisfire Misfire { get; init; }

    /// <summary>Of one attempt, in milliseconds: 1,000 to 1,800,000.</summary>
    [Id(6)] public int Timeout { get; init; } = DefaultTimeout;

    /// <summary>How often an attempt that failed is repeated, 0 to 5.</summary>
    [Id(7)] public int Retries { get; init; } = DefaultRetries;

    [Id(8)] public required TaskCaller Caller { get; init; }
}
