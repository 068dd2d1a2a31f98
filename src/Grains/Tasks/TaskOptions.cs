using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Tasks;

/// <summary>Limits of a tenant's tasks. Section <c>OpenClaw:Tasks</c>.</summary>
public sealed class TaskOptions
{
    public const string Section = "OpenClaw:Tasks";

    /// <summary>Tasks of a tenant; one more is refused.</summary>
    [Range(1, 1_000_000)]
    public int MaxTasks { get; set; } = 10_000;
}
