using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Skills;

/// <summary>Limits of a tenant's skills. Section <c>OpenClaw:Skills</c>.</summary>
public sealed class SkillOptions
{
    public const string Section = "OpenClaw:Skills";

    /// <summary>Skills of a tenant; one more is refused.</summary>
    [Range(1, 1000)]
    public int MaxSkills { get; set; } = 100;

    /// <summary>Of all skills of a tenant together, in MiB, those that the server brings not counted.</summary>
    [Range(1, 1_048_576)]
    public int MaxStorageMiB { get; set; } = 1024;

    /// <summary>What conversations are told of the enabled skills, in characters; those that do not fit are left out, the last by name first.</summary>
    [Range(0, 100_000)]
    public int PromptCharacters { get; set; } = 8000;
}
