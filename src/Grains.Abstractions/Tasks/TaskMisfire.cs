namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>What happens to slots that passed while nobody could handle them.</summary>
[GenerateSerializer, Alias("OpenClaw.TaskMisfire")]
public enum TaskMisfire
{
    /// <summary>The latest of them runs.</summary>
    Once,

    /// <summary>None runs.</summary>
    Skip,

    /// <summary>The latest 100 run, the oldest first.</summary>
    All,
}
