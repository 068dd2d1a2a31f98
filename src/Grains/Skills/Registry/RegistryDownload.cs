namespace OpenClaw.Grains.Skills.Registry;

/// <summary>An archive that the registry gave out.</summary>
/// <param name="Slug">The skill's name in the registry.</param>
/// <param name="OwnerHandle">Whose skill of that name; null where nobody was named.</param>
/// <param name="Version">The version that it was asked for.</param>
/// <param name="Length">Bytes of the archive.</param>
internal sealed record RegistryDownload(string Slug, string? OwnerHandle, string Version, long Length);
