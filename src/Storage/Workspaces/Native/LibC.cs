using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenClaw.Storage.Workspaces.Native;

/// <summary>
/// The calls of Linux that resolve a name relative to an open directory, for which .NET has no counterpart. Each returns
/// what the manual page of the same name says; the error is in <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static partial class LibC
{
    /// <summary>Names of C's library that any Linux of the last years resolves to its own.</summary>
    private const string Name = "libc";

    /// <summary>The same on every architecture.</summary>
    private const long OpenAt2Number = 437;

    public static int OpenAt2(SafeFileHandle directory, string path, in OpenHow how) =>
        (int)SystemCall(OpenAt2Number, directory, path, in how, (nuint)Marshal.SizeOf<OpenHow>());

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(SafeFileHandle directory, string path, int flags, uint mask, out FileStatus status);

    /// <summary>For names that need be no UTF-8: the bytes, with a NUL at the end.</summary>
    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true)]
    public static partial int StatXBytes(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mask, out FileStatus status);

    [LibraryImport(Name, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint GetDirectoryEntries(SafeFileHandle directory, Span<byte> buffer, nuint length);

    [LibraryImport(Name, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectoryAt(SafeFileHandle directory, string name, uint mode);

    /// <inheritdoc cref="StatXBytes"/>
    [LibraryImport(Name, EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    /// <inheritdoc cref="StatXBytes"/>
    [LibraryImport(Name, EntryPoint = "renameat2", SetLastError = true)]
    public static partial int RenameAt2(
        SafeFileHandle fromDirectory, ReadOnlySpan<byte> from, SafeFileHandle toDirectory, ReadOnlySpan<byte> to, uint flags);

    /// <inheritdoc cref="StatXBytes"/>
    [LibraryImport(Name, EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, int mode);

    /// <inheritdoc cref="StatXBytes"/>
    [LibraryImport(Name, EntryPoint = "fchmodat", SetLastError = true)]
    public static partial int ChangeModeAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint mode, int flags);

    /// <inheritdoc cref="StatXBytes"/>
    [LibraryImport(Name, EntryPoint = "fchownat", SetLastError = true)]
    public static partial int ChangeOwnerAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint user, uint group, int flags);

    [LibraryImport(Name, EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport(Name, EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport(Name, EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFileSystem(SafeFileHandle file);

    [LibraryImport(Name, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint SystemCall(long number, SafeFileHandle directory, string path, in OpenHow how, nuint size);
}

/// <summary><c>struct open_how</c> of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct OpenHow(ulong Flags, ulong Mode, ulong Resolve);
