using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>A skill's folder: taken out of a workspace, and the hashes of its content.</summary>
internal static class SkillFolder
{
    private const int Page = 1000;
    private const int Piece = 1024 * 1024;

    /// <summary>
    /// Copies a folder out of a workspace. Links and special files are passed over, as the workspace shows none; who may execute
    /// a file is not known there, so that everybody may.
    /// </summary>
    /// <returns>What is wrong with it, or null.</returns>
    public static SkillPackageError? Copy(WorkspaceTree tree, WorkspacePath from, string directory, PackageLimits limits, CancellationToken cancellationToken)
    {
        var paths = new PackagePaths();
        var folders = new Stack<(WorkspacePath Path, string Relative)>([(from, "")]);
        var (files, left) = (0, limits.MaxBytes);
        while (folders.TryPop(out var folder))
        {
            for (string? after = null; ;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var listed = tree.List(folder.Path, after, Page);
                if (!listed.IsSuccess) return new SkillPackageError(PackagePaths.Shorten(folder.Relative), null, PackageReasons.Unreadable);
                foreach (var entry in listed.Value.Entries)
                {
                    var path = WorkspacePath.Parse(entry.Path);
                    var relative = folder.Relative.Length == 0 ? path.Name : $"{folder.Relative}/{path.Name}";
                    if (paths.Add(relative, entry.IsDirectory) is { } refused) return refused;
                    if (entry.IsDirectory)
                    {
                        folders.Push((path, relative));
                        continue;
                    }

                    if (++files > limits.MaxFiles) return new SkillPackageError(null, null, PackageReasons.TooManyFiles(limits.MaxFiles));
                    if (CopyFile(tree, path, relative, Path.Combine(directory, relative), ref left, cancellationToken) is { } problem) return problem;
                    if (left < 0) return new SkillPackageError(null, null, PackageReasons.TooManyBytes(limits.MaxBytes));
                }

                after = listed.Value.Next;
                if (after is null) break;
            }
        }

        PackageModes.OpenFolders(directory);
        return null;
    }

    /// <summary>As ClawHub makes it: SHA-256 over the lines <c>path:sha256(file)</c> in the order of paths, dot paths left out.</summary>
    public static string Fingerprint(string directory)
    {
        var lines = FilesOf(directory)
            .Where(file => !file.Path.Split('/').Any(name => name.StartsWith('.')))
            .Select(file => $"{file.Path}:{HashOf(file.FullPath)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    /// <summary>SHA-256 over every file's path, size, right to execute and content: the same for the same folder alone.</summary>
    public static string ContentHash(string directory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, fullPath) in FilesOf(directory))
        {
            var executable = !OperatingSystem.IsWindows() && File.GetUnixFileMode(fullPath).HasFlag(UnixFileMode.UserExecute);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{path.Length}:{path}\n{new FileInfo(fullPath).Length}\n{(executable ? 'x' : '-')}\n{HashOf(fullPath)}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static SkillPackageError? CopyFile(WorkspaceTree tree, WorkspacePath path, string relative, string target, ref long left, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
        {
            if (CopyOut(tree, path, file, ref left, cancellationToken) is var error and not WorkspaceError.None)
                return new SkillPackageError(PackagePaths.Shorten(relative), null, error is WorkspaceError.HardLink ? PackageReasons.HardLink : PackageReasons.Unreadable);
        }

        PackageModes.OpenFile(target, isExecutable: true);
        return null;
    }

    /// <summary>Copies a file out of a workspace.</summary>
    /// <param name="tree">The workspace.</param>
    /// <param name="path">The file.</param>
    /// <param name="target">Where its bytes go.</param>
    /// <param name="left">Bytes that there may be; below 0 there are more, and the copying has ended.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it cannot be read.</returns>
    public static WorkspaceError CopyOut(WorkspaceTree tree, WorkspacePath path, Stream target, ref long left, CancellationToken cancellationToken)
    {
        for (long offset = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = tree.Read(path, offset, Piece, Piece);
            if (!read.IsSuccess) return read.Error;
            var content = read.Value.Content;
            left -= content.Length;
            if (left < 0 || content.Length == 0) return WorkspaceError.None;
            target.Write(content);
            offset += content.Length;
        }
    }

    /// <summary>In the order of their paths, with slashes.</summary>
    private static IEnumerable<(string Path, string FullPath)> FilesOf(string directory) =>
        Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => (Path.GetRelativePath(directory, path).Replace('\\', '/'), path))
            .OrderBy(file => file.Item1, StringComparer.Ordinal);

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
