namespace OpenClaw.Grains.Skills.Packages;

/// <summary>What a skill's folder may hold.</summary>
/// <param name="MaxFiles">Files.</param>
/// <param name="MaxBytes">Bytes of all files together.</param>
internal sealed record PackageLimits(int MaxFiles, long MaxBytes)
{
    /// <summary>From a registry: the registry's own limits of a bundle.</summary>
    public static PackageLimits Registry { get; } = new(256, 50L * 1024 * 1024);

    /// <summary>From the tenant's workspace: room for what a program brings along.</summary>
    public static PackageLimits Workspace { get; } = new(20_000, 200L * 1024 * 1024);
}
