namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>How far a run is, or how it ended.</summary>
[GenerateSerializer, Alias("OpenClaw.TaskRunStatus")]
public enum TaskRunStatus
{
    /// <summary>It waits for the runs before it.</summary>
    Queued,

    Running,

    /// <summary>An attempt failed; there will be another.</summary>
    Retrying,

    Succeeded,

    Failed,

    /// <summary>The time of its last attempt was over.</summary>
    Timeout,

    /// <summary>It did not begin: a run before it was under way.</summary>
    Skipped,

    /// <summary>Nobody wanted it any more.</summary>
    Cancelled,
}
