using System.Globalization;
using System.Runtime.InteropServices;

namespace OpenClaw.Silo.Commands;

/// <summary>
/// Keeps what this process was started with from its commands: .NET's own handles end at exec, those of whoever started the
/// server do not.
/// </summary>
internal static partial class Inheritance
{
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    public static void Stop()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2)
                _ = Control(descriptor, SetDescriptorFlags, CloseOnExec);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
