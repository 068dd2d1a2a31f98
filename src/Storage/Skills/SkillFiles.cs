using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Storage.Skills;

/// <summary>
/// The files of installed skills: <c>skills/&lt;tenant&gt;/&lt;revision&gt;</c> below the data directory, which silos of a cluster share.
/// A revision is made whole in a directory of its own, then given its name, and never changes. Those of built-in skills are there
/// once for all tenants.
/// </summary>
/// <remarks>Blocks on the disk.</remarks>
public sealed class SkillFiles(StorageOptions options, TimeProvider time)
{
    private const string BuiltInPrefix = "builtin-";
    private const string BuiltIn = ".builtin";
    private const string Staging = ".staging";

    /// <summary>What an installation that a crash has cut left behind goes after this time.</summary>
    private static readonly TimeSpan StagingTime = TimeSpan.FromHours(1);

    private readonly string _directory = Path.Combine(Path.GetFullPath(options.DataDirectory), "skills");

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Whether a revision is of a skill that the server brings.</summary>
    public static bool IsBuiltIn(string revision) => revision.StartsWith(BuiltInPrefix, StringComparison.Ordinal);

    /// <summary>Where a revision lies, whether or not it is there.</summary>
    /// <exception cref="ArgumentException">The text is no revision.</exception>
    public string PathOf(TenantId tenant, string revision)
    {
        var hash = IsBuiltIn(revision) ? revision[BuiltInPrefix.Length..] : revision;
        if (hash.Length == 0 || !hash.All(char.IsAsciiHexDigitLower)) throw new ArgumentException($"'{revision}' is no revision of a skill.", nameof(revision));
        return Path.Combine(_directory, hash.Length == revision.Length ? tenant.Value : BuiltIn, hash);
    }

    /// <summary>An empty directory in which a revision is made.</summary>
    public string CreateStaging()
    {
        Directory.CreateDirectory(_directory);
        TreeAccess.CloseToOthers(_directory);
        var staging = Path.Combine(_directory, Staging);
        Directory.CreateDirectory(staging);
        RemoveOld(staging, static _ => true, Now - StagingTime);
        var made = Directory.CreateDirectory(Path.Combine(staging, Guid.NewGuid().ToString("n"))).FullName;
        Directory.SetLastWriteTimeUtc(made, Now);
        return made;
    }

    /// <summary>Gives what was made its name. On disk when it returns.</summary>
    /// <param name="staging">From <see cref="CreateStaging"/>, or a directory in it; it is gone afterwards.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="hash">Hash of its content, in hexadecimal digits.</param>
    /// <param name="isBuiltIn">It is every tenant's.</param>
    /// <returns>The revision.</returns>
    public string Adopt(string staging, TenantId tenant, string hash, bool isBuiltIn)
    {
        var revision = isBuiltIn ? BuiltInPrefix + hash : hash;
        var path = PathOf(tenant, revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        TreeAccess.SyncAll(staging);
        try
        {
            Directory.Move(staging, path);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            // The same content is there already.
        }

        Retire(tenant, revision);
        TreeAccess.SyncAll(Path.GetDirectoryName(path)!);
        return revision;
    }

    /// <summary>A revision is not the installed one any more, or is about to be: the time that it is kept begins anew.</summary>
    public void Retire(TenantId tenant, string revision)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(PathOf(tenant, revision), Now);
        }
        catch (IOException)
        {
            // It is gone already.
        }
    }

    /// <summary>Removes the revisions of a tenant that nothing uses, and that were installed or retired before a time.</summary>
    public void Sweep(TenantId tenant, IReadOnlySet<string> used, DateTime before)
    {
        var directory = Path.Combine(_directory, tenant.Value);
        if (Directory.Exists(directory)) RemoveOld(directory, name => !used.Contains(name), before);
    }

    /// <summary>Bytes of all that a tenant has, revisions that were replaced included.</summary>
    public long Measure(TenantId tenant)
    {
        var directory = new DirectoryInfo(Path.Combine(_directory, tenant.Value));
        try
        {
            return directory.Exists ? directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : 0;
        }
        catch (IOException)
        {
            // Some of it is being removed.
            return 0;
        }
    }

    /// <summary>Whether the disk has so many bytes left.</summary>
    public bool HasFreeDisk(long bytes) => new DriveInfo(_directory).AvailableFreeSpace >= bytes;

    /// <summary>Removes what was made and is not wanted.</summary>
    public static void Discard(string staging)
    {
        if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
    }

    /// <summary>Removes all that a tenant has.</summary>
    public void Remove(TenantId tenant) => Discard(Path.Combine(_directory, tenant.Value));

    private static void RemoveOld(string directory, Func<string, bool> isUnused, DateTime before)
    {
        foreach (var path in Directory.EnumerateDirectories(directory))
        {
            if (!isUnused(Path.GetFileName(path)) || Directory.GetLastWriteTimeUtc(path) >= before) continue;
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Another silo removes it as well, or an archive has closed one of its directories; the next sweep tries again.
            }
        }
    }
}
