using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using YamlDotNet.Serialization;

namespace OpenClaw.Samples.Registry;

/// <summary>One version of a skill: its files, and what its <c>SKILL.md</c> says.</summary>
internal sealed record CatalogVersion(string Folder, string Version, string DisplayName, string Summary, DateTimeOffset CreatedAt)
{
    private const string FirstVersion = "1.0.0";

    private static readonly IDeserializer Yaml = new DeserializerBuilder().Build();

    /// <summary>For the order of versions; what is no number counts as 0.</summary>
    public Version Number => System.Version.TryParse(Version.Split('-', '+')[0], out var number) ? number : new Version(0, 0);

    public static CatalogVersion Read(string folder)
    {
        var path = Path.Combine(folder, "SKILL.md");
        var front = FrontmatterOf(File.ReadAllText(path));
        return new CatalogVersion(
            folder,
            front.GetValueOrDefault("version") as string ?? FirstVersion,
            front.GetValueOrDefault("name") as string ?? Path.GetFileName(folder),
            front.GetValueOrDefault("description") as string ?? "",
            File.GetLastWriteTimeUtc(path));
    }

    /// <summary>Regular files by their paths, with slashes, in the order of these.</summary>
    public IReadOnlyList<CatalogFile> Files() =>
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(path => File.ResolveLinkTarget(path, returnFinalTarget: false) is null)
            .Select(path => new CatalogFile(Path.GetRelativePath(Folder, path).Replace('\\', '/'), path))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    /// <summary>SHA-256 over the lines <c>path:sha256(file)</c>, dot paths left out.</summary>
    public string Fingerprint()
    {
        var lines = Files().Where(file => !file.Path.Split('/').Any(name => name.StartsWith('.'))).Select(file => $"{file.Path}:{file.Sha256()}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    /// <summary>The files at the archive's root.</summary>
    public byte[] Zip()
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Files()) archive.CreateEntryFromFile(file.FullPath, file.Path);
        }

        return buffer.ToArray();
    }

    private static Dictionary<string, object?> FrontmatterOf(string text)
    {
        const string Mark = "---";
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = lines[0] == Mark ? Array.IndexOf(lines, Mark, 1) : -1;
        return end < 0 ? [] : Yaml.Deserialize<Dictionary<string, object?>>(string.Join('\n', lines[1..end])) ?? [];
    }
}

/// <summary>A file of a version.</summary>
internal sealed record CatalogFile(string Path, string FullPath)
{
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(FullPath)));
}
