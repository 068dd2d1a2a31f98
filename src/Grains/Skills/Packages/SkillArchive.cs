using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>Unpacks a zip of unknown origin. Sizes are counted as they are written, whatever the archive says of them.</summary>
internal static class SkillArchive
{
    private const string Manifest = "SKILL.md";

    /// <summary>End of central directory record: signature, length without its comment, the longest comment (APPNOTE.TXT 4.3.16).</summary>
    private const uint EndSignature = 0x06054b50;
    private const int EndLength = 22;
    private const int MaxComment = 65_535;

    /// <summary>An entry of the central directory: its fixed part, and as much for name and extra fields as is reckoned with.</summary>
    private const int EntryLength = 46 + 1024 + 512;

    /// <summary>Types of Unix in the upper half of an entry's attributes.</summary>
    private const int TypeMask = 0xf000;
    private const int DirectoryType = 0x4000;
    private const int RegularType = 0x8000;
    private const int ExecuteBits = 0x49;

    /// <summary>Unpacks into an empty directory.</summary>
    /// <param name="zip">The archive; it can seek.</param>
    /// <param name="directory">Where its files go; what was unpacked before a problem was met is left there.</param>
    /// <param name="limits">What it may hold.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static SkillPackageError? Extract(Stream zip, string directory, PackageLimits limits)
    {
        if (FindProblemOfEnd(zip, limits) is { } problem) return problem;
        try
        {
            using var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8);
            var paths = new PackagePaths();
            var files = new List<(ZipArchiveEntry Entry, string Path)>();
            foreach (var entry in archive.Entries)
            {
                if (IsLitter(entry.FullName)) continue;
                if (FindProblemOf(entry) is { } refused) return refused;
                // A directory by itself is not made, but may lead out, or be where a file is, as well.
                var isDirectory = entry.FullName.EndsWith('/');
                if (paths.Add(isDirectory ? entry.FullName[..^1] : entry.FullName, isDirectory) is { } wrong) return wrong;
                if (isDirectory) continue;
                if (files.Count == limits.MaxFiles) return new SkillPackageError(null, null, PackageReasons.TooManyFiles(limits.MaxFiles));
                files.Add((entry, entry.FullName));
            }

            return Unpack(files, FolderOf(files), directory, limits);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            return new SkillPackageError(null, null, PackageReasons.NotAnArchive);
        }
    }

    /// <summary>The list of entries is read as a whole: one that is longer than the files that may be in it could have is not begun with.</summary>
    private static SkillPackageError? FindProblemOfEnd(Stream zip, PackageLimits limits)
    {
        var tail = new byte[(int)Math.Min(zip.Length, EndLength + MaxComment)];
        zip.Position = zip.Length - tail.Length;
        zip.ReadExactly(tail);
        zip.Position = 0;
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndSignature) continue;
            var onDisk = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 8));
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10));
            var begin = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            var length = zip.Length - tail.Length + at - begin;
            // With what has no place in this record there is another one, of Zip64, which nothing of this size needs.
            if (onDisk == ushort.MaxValue || entries == ushort.MaxValue || begin == uint.MaxValue || length < 0) break;
            return length > (long)limits.MaxFiles * EntryLength ? new SkillPackageError(null, null, PackageReasons.TooManyFiles(limits.MaxFiles)) : null;
        }

        return new SkillPackageError(null, null, PackageReasons.NotAnArchive);
    }

    /// <summary>What other systems leave in archives.</summary>
    private static bool IsLitter(string path) => path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path.Split('/')[^1] == ".DS_Store";

    private static SkillPackageError? FindProblemOf(ZipArchiveEntry entry)
    {
        var name = PackagePaths.Shorten(entry.FullName);
        if (entry.IsEncrypted) return new SkillPackageError(name, null, PackageReasons.Encrypted);
        var type = (entry.ExternalAttributes >> 16) & TypeMask;
        return type != 0 && type != (entry.FullName.EndsWith('/') ? DirectoryType : RegularType) ? new SkillPackageError(name, null, PackageReasons.NotRegular) : null;
    }

    /// <summary>The one folder that holds everything, with a slash, as archives made by hand have it; else nothing.</summary>
    private static string FolderOf(List<(ZipArchiveEntry Entry, string Path)> files)
    {
        if (files.Count == 0 || files.Any(file => file.Path == Manifest)) return "";
        var end = files[0].Path.IndexOf('/', StringComparison.Ordinal);
        if (end < 0) return "";
        var folder = files[0].Path[..(end + 1)];
        return files.All(file => file.Path.StartsWith(folder, StringComparison.Ordinal)) && files.Any(file => file.Path == folder + Manifest) ? folder : "";
    }

    private static SkillPackageError? Unpack(List<(ZipArchiveEntry Entry, string Path)> files, string folder, string directory, PackageLimits limits)
    {
        var left = limits.MaxBytes;
        var buffer = new byte[64 * 1024];
        foreach (var (entry, path) in files)
        {
            var target = Path.Combine(directory, path[folder.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var content = entry.Open();
            var checksum = new ZipChecksum();
            using (var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
            {
                while (content.Read(buffer) is var read and > 0)
                {
                    left -= read;
                    if (left < 0) return new SkillPackageError(null, null, PackageReasons.TooManyBytes(limits.MaxBytes));
                    checksum.Add(buffer.AsSpan(0, read));
                    file.Write(buffer, 0, read);
                }
            }

            if (checksum.Value != entry.Crc32) return new SkillPackageError(PackagePaths.Shorten(entry.FullName), null, PackageReasons.Damaged);
            PackageModes.OpenFile(target, isExecutable: ((entry.ExternalAttributes >> 16) & ExecuteBits) != 0);
        }

        PackageModes.OpenFolders(directory);
        return null;
    }
}
