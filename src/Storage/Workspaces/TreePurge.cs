using Microsoft.Win32.SafeHandles;
using OpenClaw.Storage.Workspaces.Native;

namespace OpenClaw.Storage.Workspaces;

/// <summary>
/// Empties a directory of the server's own, however many and however deep the entries: a directory that holds directories
/// hands them up, so that no path grows and few handles are open.
/// </summary>
internal static class TreePurge
{
    /// <summary>Entries that one call removes or moves.</summary>
    private const int Budget = 10_000;

    private const uint OwnerOnly = 0x1c0; // rwx------

    /// <returns>True while there may be more; what cannot be removed is left.</returns>
    public static bool RemoveSome(SafeFileHandle directory)
    {
        var left = Budget;
        // The directory is read from its beginning each time, since what is handed up may come before or behind.
        using var again = OpenDirectory(directory, ".\0"u8);
        if (again is null) return false;
        using var reader = new DirectoryReader(again);
        while (left > 0 && reader.Read()) left -= Remove(directory, reader.TerminatedName, left);
        // Only a pass that moves nothing is the last.
        return left < Budget;
    }

    /// <summary>A directory by the bytes of its name, through no link; one that its owner has closed is opened for him.</summary>
    public static SafeFileHandle? OpenDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        var flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec;
        var descriptor = LibC.OpenAt(parent, name, flags, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : null;
    }

    /// <returns>How many entries were removed or handed up.</returns>
    private static int Remove(SafeFileHandle directory, ReadOnlySpan<byte> name, int most)
    {
        if (TryRemove(directory, name)) return 1;
        var inner = OpenDirectory(directory, name);
        if (inner is null && LibC.ChangeModeAt(directory, name, OwnerOnly, 0) == 0) inner = OpenDirectory(directory, name);
        if (inner is null) return 0;
        var moved = 0;
        // A directory that its owner has made read-only gives up nothing either.
        _ = LibC.ChangeModeAt(directory, name, OwnerOnly, 0);
        using (inner)
        {
            using var reader = new DirectoryReader(inner);
            while (moved < most && reader.Read())
            {
                if (TryRemove(inner, reader.TerminatedName) || TryHandUp(inner, reader.TerminatedName, directory)) moved++;
            }
        }

        return moved + (TryRemove(directory, name) ? 1 : 0);
    }

    private static bool TryRemove(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        LibC.UnlinkAt(directory, name, 0) == 0 || LibC.UnlinkAt(directory, name, OpenFlags.RemoveDirectory) == 0;

    private static bool TryHandUp(SafeFileHandle inner, ReadOnlySpan<byte> name, SafeFileHandle directory) =>
        LibC.RenameAt2(inner, name, directory, TreeAccess.Terminated(Guid.NewGuid().ToString("n")), OpenFlags.DoNotReplace) == 0;
}
