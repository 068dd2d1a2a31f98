using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpenClaw.Storage.Workspaces.Native;

namespace OpenClaw.Storage.Workspaces;

/// <summary>Counts what lies below a directory, whatever its names.</summary>
internal static class TreeUsage
{
    /// <summary>Directories nested deeper than any path leads to, or closed to the server, are a command's doing; each counts as this many entries.</summary>
    private const long TooDeepEntries = 1_000_000_000;

    private const int MaxDepth = 256;

    public static WorkspaceUsage Measure(SafeFileHandle directory, int depth = 0)
    {
        if (depth > MaxDepth) return new WorkspaceUsage(0, TooDeepEntries);
        var usage = default(WorkspaceUsage);
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
        {
            usage += new WorkspaceUsage(0, 1);
            // Names that are no UTF-8 are opened by their bytes.
            if (reader.Type is EntryType.Regular or EntryType.Unknown)
                usage += new WorkspaceUsage(SizeOf(directory, reader.TerminatedName), 0);
            if (reader.Type is not (EntryType.Directory or EntryType.Unknown)) continue;
            using var inner = TreePurge.OpenDirectory(directory, reader.TerminatedName);
            // What its owner has closed to the server is not to be counted, and so is too much.
            if (inner is not null) usage += Measure(inner, depth + 1);
            else if (Marshal.GetLastPInvokeError() is Errno.AccessDenied) usage += new WorkspaceUsage(0, TooDeepEntries);
        }

        return usage;
    }

    private static long SizeOf(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        LibC.StatXBytes(directory, name, OpenFlags.LookAtLinkItself, OpenFlags.BasicStatus, out var status) == 0 && status.IsRegular
            ? status.Room
            : 0;
}
