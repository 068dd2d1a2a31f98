using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces.Native;

namespace OpenClaw.Storage.Workspaces;

/// <summary>
/// Opens and asks for what lies in a tree. The kernel resolves each path beneath the tree's own directory and refuses links,
/// so nothing that is renamed or swapped meanwhile can lead outside.
/// </summary>
internal static class TreeAccess
{
    /// <summary>openat2 asks for another attempt when something was renamed while it resolved.</summary>
    private const int MaxAttempts = 100;

    private const int FileFlags =
        OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal | OpenFlags.CloseOnExec;

    private static readonly int DirectoryFlags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec;

    /// <summary>A directory of the server's own, by its path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="reopened">Its mode was set anew just now.</param>
    /// <returns>Null when there is none.</returns>
    public static SafeFileHandle? OpenTrusted(string path, bool reopened = false)
    {
        var descriptor = LibC.Open(path, DirectoryFlags, 0);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        // A command of the tenant may have closed its own workspace.
        if (Marshal.GetLastPInvokeError() is Errno.AccessDenied && !reopened && LibC.ChangeMode(path, 0x1ed /* rwxr-xr-x */) == 0)
            return OpenTrusted(path, reopened: true);

        return Marshal.GetLastPInvokeError() is Errno.NoEntry
            ? null
            : throw new IOException($"The directory of the workspaces cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Leaves a directory of the server's own to the server.</summary>
    public static void CloseToOthers(string path)
    {
        if (LibC.ChangeMode(path, 0x1c0 /* rwx------ */) != 0)
            throw new IOException($"The directory of the workspaces cannot be closed to others: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    public static WorkspaceResult<SafeFileHandle> OpenFile(SafeFileHandle root, WorkspacePath path) =>
        Open(root, Relative(path), FileFlags, 0);

    public static WorkspaceResult<SafeFileHandle> OpenFile(SafeFileHandle directory, string name) => Open(directory, name, FileFlags, 0);

    public static WorkspaceResult<SafeFileHandle> OpenDirectory(SafeFileHandle root, WorkspacePath path) =>
        Open(root, Relative(path), DirectoryFlags, 0);

    public static WorkspaceResult<SafeFileHandle> OpenDirectory(SafeFileHandle directory, string name) =>
        Open(directory, name, DirectoryFlags, 0);

    /// <summary>A new file that only this process knows of.</summary>
    public static WorkspaceResult<SafeFileHandle> CreateFile(SafeFileHandle directory, string name) => Open(
        directory, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.CloseOnExec, mode: 0x1a4 /* rw-r--r-- */);

    /// <summary>What an open file or directory is.</summary>
    public static FileStatus StatusOf(SafeFileHandle handle)
    {
        if (LibC.StatX(handle, "", OpenFlags.LookAtHandle, OpenFlags.BasicStatus, out var status) == 0) return status;
        throw new IOException($"A file could not be looked at: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>What a name in an open directory is; a link is looked at itself.</summary>
    public static WorkspaceResult<FileStatus> StatusOf(SafeFileHandle directory, string name) =>
        LibC.StatX(directory, name, OpenFlags.LookAtLinkItself, OpenFlags.BasicStatus, out var status) == 0
            ? status
            : ErrorOf(Marshal.GetLastPInvokeError());

    /// <summary>Makes a directory; one that is there already is as good.</summary>
    public static WorkspaceError MakeDirectory(SafeFileHandle directory, string name, uint owner)
    {
        if (LibC.MakeDirectoryAt(directory, name, 0x1ed /* rwxr-xr-x */) == 0)
        {
            return !Environment.IsPrivilegedProcess || LibC.ChangeOwnerAt(directory, Terminated(name), owner, owner, OpenFlags.ChangeLinkItself) == 0
                ? WorkspaceError.None
                : ErrorOf(Marshal.GetLastPInvokeError());
        }

        return Marshal.GetLastPInvokeError() is Errno.Exists ? WorkspaceError.None : ErrorOf(Marshal.GetLastPInvokeError());
    }

    /// <summary>Gives a file to its tenant, where the server is one that can.</summary>
    public static WorkspaceError Give(SafeFileHandle file, uint owner) =>
        !Environment.IsPrivilegedProcess || LibC.ChangeOwner(file, owner, owner) == 0 ? WorkspaceError.None : ErrorOf(Marshal.GetLastPInvokeError());

    public static WorkspaceError Rename(
        SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to, bool replace) =>
        LibC.RenameAt2(fromDirectory, Terminated(from), toDirectory, Terminated(to), replace ? 0 : OpenFlags.DoNotReplace) == 0
            ? WorkspaceError.None
            : ErrorOf(Marshal.GetLastPInvokeError());

    public static WorkspaceError Remove(SafeFileHandle directory, string name, bool isDirectory) =>
        LibC.UnlinkAt(directory, Terminated(name), isDirectory ? OpenFlags.RemoveDirectory : 0) == 0
            ? WorkspaceError.None
            : ErrorOf(Marshal.GetLastPInvokeError());

    /// <summary>Waits until a file, or the names of a directory, are on disk.</summary>
    public static WorkspaceError Sync(SafeFileHandle handle) =>
        LibC.Sync(handle) == 0 ? WorkspaceError.None : ErrorOf(Marshal.GetLastPInvokeError());

    /// <summary>Waits until all that was written to the file system of a directory is on disk: cheaper than file by file where there are many.</summary>
    public static void SyncAll(string path)
    {
        using var directory = OpenTrusted(path) ?? throw new IOException("A directory of the server's own is gone.");
        if (LibC.SyncFileSystem(directory) != 0) throw new IOException($"The disk could not be written: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>What an error number means to a caller.</summary>
    /// <exception cref="IOException">It is no answer to what was asked, but a failure of the machine.</exception>
    public static WorkspaceError ErrorOf(int errno) => errno switch
    {
        Errno.NoEntry => WorkspaceError.NotFound,
        Errno.NotDirectory => WorkspaceError.NotDirectory,
        Errno.IsDirectory => WorkspaceError.IsDirectory,
        Errno.Loop or Errno.CrossDevice => WorkspaceError.Link,
        Errno.Exists => WorkspaceError.Exists,
        Errno.NotEmpty => WorkspaceError.NotEmpty,
        Errno.Invalid => WorkspaceError.IntoItself,
        Errno.NameTooLong => WorkspaceError.NameTooLong,
        Errno.AccessDenied => WorkspaceError.AccessDenied,
        Errno.NoDevice => WorkspaceError.NotFile,
        Errno.NoSpace or Errno.QuotaExceeded or Errno.ReadOnly or Errno.FileTooBig => WorkspaceError.NoSpace,
        Errno.NotImplemented => throw new PlatformNotSupportedException(
            "Workspaces need openat2, which Linux has since 5.6 and which a container's seccomp profile must allow."),
        _ => throw new IOException($"A workspace could not be used: {Marshal.GetPInvokeErrorMessage(errno)}."),
    };

    /// <summary>A name as the calls that take bytes want it.</summary>
    public static byte[] Terminated(string name) => Encoding.UTF8.GetBytes(name + '\0');

    private static WorkspaceResult<SafeFileHandle> Open(SafeFileHandle directory, string path, int flags, ulong mode)
    {
        var how = new OpenHow((ulong)flags, mode, OpenFlags.ResolveBeneath);
        for (var attempt = 1; ; attempt++)
        {
            var descriptor = LibC.OpenAt2(directory, path, how);
            if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
            var errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.TryAgain or Errno.Interrupted) || attempt == MaxAttempts) return ErrorOf(errno);
        }
    }

    private static string Relative(WorkspacePath path) => path.IsRoot ? "." : path.ToString()[1..];
}
