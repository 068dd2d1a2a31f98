namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>Where a skill comes from; the names are the API's, in lower case.</summary>
[GenerateSerializer, Alias("OpenClaw.SkillSource")]
public enum SkillSource
{
    /// <summary>A ClawHub-compatible registry.</summary>
    ClawHub,

    /// <summary>A folder or an archive in the tenant's workspace.</summary>
    File,

    /// <summary>The server brings it.</summary>
    BuiltIn,
}
