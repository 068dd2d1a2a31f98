using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills.Installation;

/// <summary>
/// The skills that the server brings, in <c>builtin-skills</c> beside the program. Each is copied into the data directory when it is first
/// asked for, so that a tenant keeps its revision when the server is replaced.
/// </summary>
internal sealed class BuiltInSkills(SkillFiles files)
{
    private readonly string _directory = Path.Combine(AppContext.BaseDirectory, "builtin-skills");
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AdoptSkill> _known = new(StringComparer.Ordinal);

    /// <summary>Those that every new tenant has.</summary>
    public static IReadOnlyList<string> Everyones { get; } = ["github", "report-generator"];

    /// <summary>By name.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(_directory) ? [.. Directory.EnumerateDirectories(_directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    /// <summary>The skill of that name, its files in place; null when there is none.</summary>
    public Task<AdoptSkill?> FindAsync(string name) => Task.Run(() =>
    {
        lock (_lock)
        {
            if (_known.TryGetValue(name, out var known) && Directory.Exists(files.PathOf(TenantId.Default, known.Revision))) return known;
            return Names().Contains(name) ? _known[name] = Place(name) : null;
        }
    });

    private AdoptSkill Place(string name)
    {
        var source = Path.Combine(_directory, name);
        var (manifest, error) = SkillManifestReader.Read(source, isBuiltIn: true);
        if (manifest is null) throw new InvalidDataException($"The built-in skill '{name}' cannot be read: {error!.Told.English}");
        var staging = files.CreateStaging();
        long size = 0;
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(staging, Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
            PackageModes.OpenFile(copy, isExecutable: true);
            size += new FileInfo(copy).Length;
        }

        PackageModes.OpenFolders(staging);
        var revision = files.Adopt(staging, TenantId.Default, SkillFolder.ContentHash(staging), isBuiltIn: true);
        SkillFiles.Discard(staging);
        return new AdoptSkill { Source = SkillSource.BuiltIn, Version = manifest.Version ?? SkillInstaller.FirstVersion, Revision = revision, Size = size };
    }
}
