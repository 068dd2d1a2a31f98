namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>How an execution ended.</summary>
[GenerateSerializer, Alias("OpenClaw.SkillRunStatus")]
public enum SkillRunStatus
{
    Succeeded,

    Failed,

    /// <summary>Its time was over.</summary>
    Timeout,

    /// <summary>Nobody wanted it any more, or its silo stopped.</summary>
    Cancelled,
}
