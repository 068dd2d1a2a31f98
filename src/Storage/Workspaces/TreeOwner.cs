using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpenClaw.Storage.Workspaces.Native;

namespace OpenClaw.Storage.Workspaces;

/// <summary>Gives what lies below a directory to a user.</summary>
internal static class TreeOwner
{
    private const int MaxDepth = 256;

    public static void Give(SafeFileHandle directory, uint user, int depth = 0)
    {
        if (depth > MaxDepth) return;
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
        {
            if (LibC.ChangeOwnerAt(directory, reader.TerminatedName, user, user, OpenFlags.ChangeLinkItself) != 0 && Marshal.GetLastPInvokeError() is not Errno.NoEntry)
                throw new IOException($"A workspace could not be given to its user: {Marshal.GetLastPInvokeErrorMessage()}.");
            if (reader.Type is not (EntryType.Directory or EntryType.Unknown)) continue;
            using var inner = TreePurge.OpenDirectory(directory, reader.TerminatedName);
            if (inner is not null) Give(inner, user, depth + 1);
        }
    }
}
