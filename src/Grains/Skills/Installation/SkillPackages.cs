using System.Collections.Concurrent;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills.Installation;

/// <summary>A revision whose files are in place.</summary>
/// <param name="Directory">Where they are.</param>
/// <param name="Manifest">What they say.</param>
internal sealed record SkillPackage(string Directory, SkillManifest Manifest);

/// <summary>Revisions as their files say they are; a revision never changes, so that each is read once.</summary>
internal sealed class SkillPackages(SkillFiles files)
{
    private const int MaxKnown = 2000;

    private readonly ConcurrentDictionary<string, SkillPackage> _known = new(StringComparer.Ordinal);

    /// <summary>The revision, or null when its files are not there.</summary>
    public async ValueTask<SkillPackage?> FindAsync(TenantId tenant, string revision)
    {
        var directory = files.PathOf(tenant, revision);
        if (_known.TryGetValue(directory, out var known) && Directory.Exists(directory)) return known;
        if (await Task.Run(() => SkillManifestReader.Read(directory, SkillFiles.IsBuiltIn(revision)).Manifest) is not { } manifest) return null;
        if (_known.Count >= MaxKnown) _known.Clear();
        return _known[directory] = new SkillPackage(directory, manifest);
    }
}
