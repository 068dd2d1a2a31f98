namespace OpenClaw.Samples.Registry;

/// <summary>
/// The skills of a folder: each is a folder named like it, with a <c>SKILL.md</c>, or with a folder for each version that has one.
/// <c>registry.json</c> beside them may name the owner and say what moderation found. Read anew for each request, so that a skill
/// is published by putting it there.
/// </summary>
internal sealed class SkillCatalog(string folder)
{
    private const string Manifest = "SKILL.md";

    /// <summary>All skills, in the order of their slugs. A folder that is no skill is passed over.</summary>
    public IReadOnlyList<CatalogSkill> List()
    {
        if (!Directory.Exists(folder)) return [];
        var settings = RegistrySettings.Read(folder);
        return
        [
            .. Directory.EnumerateDirectories(folder)
                .OrderBy(path => path, StringComparer.Ordinal)
                .Select(path => Read(path, settings))
                .OfType<CatalogSkill>(),
        ];
    }

    public CatalogSkill? Find(string? slug) => List().FirstOrDefault(skill => skill.Slug == slug);

    private static CatalogSkill? Read(string path, RegistrySettings settings)
    {
        var slug = Path.GetFileName(path);
        string[] folders = File.Exists(Path.Combine(path, Manifest)) ? [path] : [.. Directory.EnumerateDirectories(path).Where(version => File.Exists(Path.Combine(version, Manifest)))];
        var versions = folders.Select(CatalogVersion.Read).OrderBy(version => version.Number).ToList();
        return versions.Count == 0 ? null : new CatalogSkill(slug, settings.Owner, versions, settings.Moderation.GetValueOrDefault(slug) ?? new Moderation());
    }
}

/// <summary>A skill and its versions, the oldest first.</summary>
internal sealed record CatalogSkill(string Slug, string Owner, IReadOnlyList<CatalogVersion> Versions, Moderation Moderation)
{
    public CatalogVersion Latest => Versions[^1];

    /// <summary>The version with this text; the latest when none is named.</summary>
    public CatalogVersion? Find(string? version) => version is null ? Latest : Versions.FirstOrDefault(candidate => candidate.Version == version);
}
