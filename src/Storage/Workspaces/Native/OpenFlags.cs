using System.Runtime.InteropServices;

namespace OpenClaw.Storage.Workspaces.Native;

/// <summary>Flags of open(2), openat2(2), unlinkat(2), renameat2(2) and statx(2), as Linux numbers them.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoControllingTerminal = 0x100;

    /// <summary>Opening a FIFO waits for nobody.</summary>
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>To stand at, not to read.</summary>
    public const int Path = 0x200000;

    /// <summary>ARM numbers these two its own way.</summary>
    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>Beneath the directory, through no link of either kind, into no other file system.</summary>
    public const ulong ResolveBeneath = 0x08 | 0x04 | 0x02 | 0x01;

    public const int RemoveDirectory = 0x200;
    public const int LookAtLinkItself = 0x100;
    public const int ChangeLinkItself = LookAtLinkItself;
    public const int LookAtHandle = 0x1000;
    public const uint DoNotReplace = 1;

    /// <summary>STATX_BASIC_STATS.</summary>
    public const uint BasicStatus = 0x7ff;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
}
