using System.Security.Cryptography;
using System.Text.Unicode;
using System.Text;
using Microsoft.Win32.SafeHandles;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces.Native;

namespace OpenClaw.Storage.Workspaces;

/// <summary>
/// One tenant's files. Every operation resolves its path anew, relative to the tree's directory; what is written is made
/// whole in a directory beside the tree, which no command of the tenant sees, and then given its name.
/// </summary>
/// <remarks>Blocks on the disk. Reads may run at once; who changes the tree takes turns.</remarks>
public sealed class WorkspaceTree
{
    private static readonly string[] Beginnings = ["Documents", "Projects", "Downloads"];

    private readonly string _files;
    private readonly string _staging;
    private readonly string _trash;

    internal WorkspaceTree(string directory)
    {
        _files = Path.Combine(directory, "files");
        _staging = Path.Combine(directory, "staging");
        _trash = Path.Combine(directory, "trash");
    }

    /// <summary>What there is at a path.</summary>
    public WorkspaceResult<FileEntry> Find(WorkspacePath path)
    {
        using var root = OpenRoot();
        if (path.IsRoot) return EntryOf(path.ToString(), TreeAccess.StatusOf(root));
        var parent = TreeAccess.OpenDirectory(root, path.Parent);
        if (!parent.IsSuccess) return parent.Error;
        using var directory = parent.Value!;
        var status = TreeAccess.StatusOf(directory, path.Name);
        if (!status.IsSuccess) return status.Error;
        return Check(status.Value) is var error and not WorkspaceError.None ? error : EntryOf(path.ToString(), status.Value);
    }

    /// <summary>Bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Bytes to leave out; beyond the end there is nothing.</param>
    /// <param name="length">Bytes wanted; null is the rest.</param>
    /// <param name="most">What one answer may hold.</param>
    /// <returns>The file as it was when it was opened, and as many bytes as it had then at most.</returns>
    public WorkspaceResult<(FileEntry File, byte[] Content)> Read(WorkspacePath path, long offset, int? length, int most)
    {
        using var root = OpenRoot();
        var opened = TreeAccess.OpenFile(root, path);
        if (!opened.IsSuccess) return opened.Error;
        using var file = opened.Value!;
        var status = TreeAccess.StatusOf(file);
        if (status.IsDirectory) return WorkspaceError.IsDirectory;
        if (Check(status) is var error and not WorkspaceError.None) return error;
        var wanted = Math.Min(Math.Max(0, status.Size - offset), length ?? long.MaxValue);
        if (wanted > most) return WorkspaceError.TooLarge;
        var content = new byte[wanted];
        var read = 0;
        while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), offset + read) is var piece and > 0) read += piece;
        if (read < content.Length) Array.Resize(ref content, read);
        return (EntryOf(path.ToString(), status), content);
    }

    /// <summary>Entries of a directory by name: files and directories, whose names are valid UTF-8.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="after">Only names behind this one; null begins with the first.</param>
    /// <param name="limit">At most so many.</param>
    /// <returns>The entries, and the name to go on after; null when there are no more.</returns>
    public WorkspaceResult<(IReadOnlyList<FileEntry> Entries, string? Next)> List(WorkspacePath path, string? after, int limit)
    {
        using var root = OpenRoot();
        var opened = TreeAccess.OpenDirectory(root, path);
        if (!opened.IsSuccess) return opened.Error;
        using var directory = opened.Value!;
        // The first names of a directory of any size, in memory for a page alone: the last of them is thrown out first.
        var last = Comparer<string>.Create(static (left, right) => string.CompareOrdinal(right, left));
        var page = new PriorityQueue<string, string>(last);
        using (var reader = new DirectoryReader(directory))
        {
            while (reader.Read())
            {
                if (reader.Type is not (EntryType.Directory or EntryType.Regular or EntryType.Unknown) || !Utf8.IsValid(reader.Name)) continue;
                var name = Encoding.UTF8.GetString(reader.Name);
                if (after is not null && string.CompareOrdinal(name, after) <= 0) continue;
                if (page.Count <= limit) page.Enqueue(name, name);
                else page.EnqueueDequeue(name, name);
            }
        }

        var names = page.UnorderedItems.Select(item => item.Element).Order(StringComparer.Ordinal).ToList();
        var more = names.Count > limit;
        var prefix = path.IsRoot ? "/" : path + "/";
        var entries = new List<FileEntry>(names.Count);
        foreach (var name in more ? names[..limit] : names)
        {
            // What has gone since, or was a link on a file system that does not say so, is left out.
            if (TreeAccess.StatusOf(directory, name) is { IsSuccess: true } status && (status.Value.IsDirectory || status.Value.IsRegular))
                entries.Add(EntryOf(prefix + name, status.Value));
        }

        return (entries, more ? names[limit - 1] : null);
    }

    /// <inheritdoc cref="TreeSearch"/>
    public WorkspaceResult<TreeSearchPage> Search(WorkspacePath path, TreeQuery query, TimeProvider time)
    {
        using var root = OpenRoot();
        var opened = TreeAccess.OpenDirectory(root, path);
        if (!opened.IsSuccess) return opened.Error;
        using var directory = opened.Value!;
        return new TreeSearch(query, path.IsRoot ? "/" : path + "/", time).Run(directory);
    }

    /// <summary>Writes a file whole and waits until it is on disk under its name.</summary>
    /// <param name="path">The file; directories that are missing on the way are made.</param>
    /// <param name="content">All of it.</param>
    /// <param name="ifMatch">The ETag that it must have, <c>*</c> for any; null asks for none.</param>
    /// <param name="room">What the change may add.</param>
    /// <returns>The file, whether it is a new one, and what was added.</returns>
    public WorkspaceResult<(FileEntry File, bool Created, WorkspaceUsage Added)> Write(
        WorkspacePath path, ReadOnlySpan<byte> content, string? ifMatch, WorkspaceUsage room)
    {
        if (path.IsRoot) return WorkspaceError.IsDirectory;
        using var root = OpenRoot();
        using var staging = OpenOwn(_staging);
        var way = FindWay(root, path.Parent);
        if (!way.IsSuccess) return way.Error;
        using var nearest = way.Value.Directory;
        var missing = way.Value.Missing;

        FileStatus? old = null;
        if (missing.Count == 0)
        {
            var found = TreeAccess.StatusOf(nearest, path.Name);
            if (found.IsSuccess) old = found.Value;
            else if (found.Error is not WorkspaceError.NotFound) return found.Error;
        }

        if (old is { IsDirectory: true }) return WorkspaceError.IsDirectory;
        if (ifMatch is not null && !(old is { IsRegular: true } there && (ifMatch == "*" || ifMatch == ETagOf(there)))) return WorkspaceError.Changed;
        var added = new WorkspaceUsage(content.Length - (old is { IsRegular: true } file ? file.Room : 0), missing.Count + (old is null ? 1 : 0));
        if (added.Bytes > 0 && added.Bytes > room.Bytes) return WorkspaceError.OverBytes;
        if (added.Entries > 0 && added.Entries > room.Entries) return WorkspaceError.OverEntries;

        var temporary = Guid.NewGuid().ToString("n");
        var owner = TreeAccess.StatusOf(root).User;
        var made = Make(staging, temporary, content, owner);
        if (made is not WorkspaceError.None) return made;
        var placed = Place(nearest, missing, owner, directory => TreeAccess.Rename(staging, temporary, directory, path.Name, replace: true), () => StatusIn(root, path));
        if (!placed.IsSuccess)
        {
            TreeAccess.Remove(staging, temporary, isDirectory: false);
            return placed.Error;
        }

        return (EntryOf(path.ToString(), placed.Value), old is null, added);
    }

    /// <summary>Removes a file, a link or a directory; what a directory held is left to <see cref="Purge"/>.</summary>
    /// <returns>What was removed.</returns>
    public WorkspaceResult<WorkspaceUsage> Delete(WorkspacePath path, bool recursive)
    {
        if (path.IsRoot) return WorkspaceError.IsRoot;
        using var root = OpenRoot();
        var opened = TreeAccess.OpenDirectory(root, path.Parent);
        if (!opened.IsSuccess) return opened.Error;
        using var parent = opened.Value!;
        var found = TreeAccess.StatusOf(parent, path.Name);
        if (!found.IsSuccess) return found.Error;
        var removed = new WorkspaceUsage(found.Value.IsRegular ? found.Value.Room : 0, 1);
        var error = TreeAccess.Remove(parent, path.Name, found.Value.IsDirectory);
        if (error is WorkspaceError.NotEmpty && recursive)
        {
            using var trash = OpenOwn(_trash);
            var name = Guid.NewGuid().ToString("n");
            error = TreeAccess.Rename(parent, path.Name, trash, name, replace: false);
            if (error is WorkspaceError.None && TreeAccess.OpenDirectory(trash, name) is { IsSuccess: true } thrown)
            {
                using var directory = thrown.Value!;
                removed += TreeUsage.Measure(directory);
            }
        }

        if (error is WorkspaceError.None) error = TreeAccess.Sync(parent);
        return error is WorkspaceError.None ? removed : error;
    }

    /// <summary>Moves a file or directory to a path at which there is nothing.</summary>
    /// <returns>What was added: the directories that were missing on the way.</returns>
    public WorkspaceResult<WorkspaceUsage> Move(WorkspacePath from, WorkspacePath to, WorkspaceUsage room)
    {
        if (from.IsRoot || to.IsRoot) return WorkspaceError.IsRoot;
        using var root = OpenRoot();
        var opened = TreeAccess.OpenDirectory(root, from.Parent);
        if (!opened.IsSuccess) return opened.Error;
        using var source = opened.Value!;
        var found = TreeAccess.StatusOf(source, from.Name);
        if (!found.IsSuccess) return found.Error;
        // Before any directory is made: they would be made inside what is to be moved.
        if (to == from || to.ToString().StartsWith(from + "/", StringComparison.Ordinal)) return WorkspaceError.IntoItself;
        var way = FindWay(root, to.Parent);
        if (!way.IsSuccess) return way.Error;
        using var nearest = way.Value.Directory;
        var missing = way.Value.Missing;
        if (missing.Count > 0 && missing.Count > room.Entries) return WorkspaceError.OverEntries;
        var placed = Place(nearest, missing, TreeAccess.StatusOf(root).User, directory => TreeAccess.Rename(source, from.Name, directory, to.Name, replace: false), () => StatusIn(root, to));
        if (!placed.IsSuccess) return placed.Error;
        var error = TreeAccess.Sync(source);
        return error is WorkspaceError.None ? new WorkspaceUsage(0, missing.Count) : error;
    }

    /// <summary>Where the files lie, for who makes them visible elsewhere.</summary>
    public string FilesDirectory
    {
        get
        {
            using var root = OpenRoot();
            return _files;
        }
    }

    /// <summary>Gives everything to a user and the group of the same number; only root can. What is made later is given to it as well.</summary>
    public void GiveTo(uint user)
    {
        using var root = OpenRoot();
        if (TreeAccess.StatusOf(root).User == user) return;
        // The root last: a walk that was cut short is done again.
        TreeOwner.Give(root, user);
        if (TreeAccess.Give(root, user) is var error and not WorkspaceError.None) throw new IOException($"A workspace could not be given to its user: {error}.");
    }

    /// <summary>Counts everything.</summary>
    public WorkspaceUsage Measure()
    {
        using var root = OpenRoot();
        return TreeUsage.Measure(root);
    }

    /// <summary>Removes what writes that a crash has cut left behind. Not while one is under way.</summary>
    public void Recover()
    {
        using var staging = OpenOwn(_staging);
        while (TreePurge.RemoveSome(staging))
        {
        }
    }

    /// <summary>Removes some of what was in directories that were deleted.</summary>
    /// <returns>True while there may be more.</returns>
    public bool Purge()
    {
        using var trash = TreeAccess.OpenTrusted(_trash);
        return trash is not null && TreePurge.RemoveSome(trash);
    }

    /// <summary>The tree's directory, made with its first directories when the tenant has none yet.</summary>
    private SafeFileHandle OpenRoot()
    {
        if (TreeAccess.OpenTrusted(_files) is { } root) return root;
        // Whole or not at all: another call, or another silo, may be making it too.
        var beginning = Path.Combine(_staging, Guid.NewGuid().ToString("n"));
        foreach (var name in Beginnings) Directory.CreateDirectory(Path.Combine(beginning, name));
        using var staging = OpenOwn(_staging);
        using var tenant = OpenOwn(Path.GetDirectoryName(_staging)!);
        var error = TreeAccess.Rename(staging, Path.GetFileName(beginning), tenant, Path.GetFileName(_files), replace: false);
        if (error is WorkspaceError.None) error = TreeAccess.Sync(tenant);
        if (error is not (WorkspaceError.None or WorkspaceError.Exists))
            throw new IOException($"A workspace could not be made: {error}.");
        return TreeAccess.OpenTrusted(_files) ?? throw new IOException("A workspace was removed while it was made.");
    }

    private static SafeFileHandle OpenOwn(string path) => TreeAccess.OpenTrusted(Directory.CreateDirectory(path).FullName)
        ?? throw new IOException("A workspace was removed while it was used.");

    /// <summary>The nearest directory there is on the way to a path, and the names that are missing behind it.</summary>
    private static WorkspaceResult<(SafeFileHandle Directory, IReadOnlyList<string> Missing)> FindWay(SafeFileHandle root, WorkspacePath path)
    {
        var missing = new List<string>();
        while (true)
        {
            var opened = TreeAccess.OpenDirectory(root, path);
            if (opened.IsSuccess) return (opened.Value!, missing);
            if (opened.Error is not WorkspaceError.NotFound || path.IsRoot) return opened.Error;
            missing.Insert(0, path.Name);
            path = path.Parent;
        }
    }

    /// <summary>Writes a file of no name yet, and waits until it is on disk.</summary>
    private static WorkspaceError Make(SafeFileHandle staging, string name, ReadOnlySpan<byte> content, uint owner)
    {
        var created = TreeAccess.CreateFile(staging, name);
        if (!created.IsSuccess) return created.Error;
        using var file = created.Value!;
        WorkspaceError error;
        try
        {
            RandomAccess.Write(file, content, 0);
            error = TreeAccess.Give(file, owner);
            if (error is WorkspaceError.None) error = TreeAccess.Sync(file);
        }
        catch (IOException)
        {
            // .NET tells a full disk by an exception, and has no other answer to a write.
            error = WorkspaceError.NoSpace;
        }

        if (error is not WorkspaceError.None) TreeAccess.Remove(staging, name, isDirectory: false);
        return error;
    }

    /// <summary>Makes the directories that are missing, gives what is to be placed its name in the last, and waits for the disk.</summary>
    private static WorkspaceResult<FileStatus> Place(
        SafeFileHandle nearest, IReadOnlyList<string> missing, uint owner, Func<SafeFileHandle, WorkspaceError> place, Func<WorkspaceResult<FileStatus>> status)
    {
        var made = new List<SafeFileHandle>();
        try
        {
            var directory = nearest;
            foreach (var name in missing)
            {
                var error = TreeAccess.MakeDirectory(directory, name, owner);
                if (error is WorkspaceError.None) error = TreeAccess.Sync(directory);
                if (error is not WorkspaceError.None) return error;
                var opened = TreeAccess.OpenDirectory(directory, name);
                if (!opened.IsSuccess) return opened.Error;
                made.Add(directory = opened.Value!);
            }

            var placed = place(directory);
            if (placed is WorkspaceError.None) placed = TreeAccess.Sync(directory);
            return placed is WorkspaceError.None ? status() : placed;
        }
        finally
        {
            made.ForEach(handle => handle.Dispose());
        }
    }

    private static WorkspaceResult<FileStatus> StatusIn(SafeFileHandle root, WorkspacePath path)
    {
        var parent = TreeAccess.OpenDirectory(root, path.Parent);
        if (!parent.IsSuccess) return parent.Error;
        using var directory = parent.Value!;
        return TreeAccess.StatusOf(directory, path.Name);
    }

    private static WorkspaceError Check(FileStatus status) => status switch
    {
        { IsDirectory: true } => WorkspaceError.None,
        { IsLink: true } => WorkspaceError.Link,
        { IsRegular: false } => WorkspaceError.NotFile,
        { Links: > 1 } => WorkspaceError.HardLink,
        _ => WorkspaceError.None,
    };

    internal static FileEntry EntryOf(string path, in FileStatus status) => new()
    {
        Path = path,
        IsDirectory = status.IsDirectory,
        Size = status.IsDirectory ? 0 : status.Size,
        ModifiedAt = status.ModifiedAt.ToTime(),
        ETag = status.IsDirectory ? "" : ETagOf(status),
    };

    /// <summary>Any change of a file's content moves one of these; hashed, since inodes are the server's own affair.</summary>
    private static string ETagOf(in FileStatus status)
    {
        Span<long> parts =
        [
            (long)status.Inode, status.Size, status.ModifiedAt.Seconds, status.ModifiedAt.Nanoseconds,
            status.ChangedAt.Seconds, status.ChangedAt.Nanoseconds,
        ];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parts), hash);
        return Convert.ToHexStringLower(hash[..12]);
    }
}
