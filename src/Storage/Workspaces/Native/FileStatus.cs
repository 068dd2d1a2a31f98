using System.Runtime.InteropServices;

namespace OpenClaw.Storage.Workspaces.Native;

/// <summary>What <c>struct statx</c> tells of a file, as far as it is asked for; see statx(2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    private const int TypeMask = 0xf000;
    private const long Slack = 1024 * 1024;
    private const int TypeDirectory = 0x4000;
    private const int TypeRegular = 0x8000;
    private const int TypeLink = 0xa000;

    [FieldOffset(16)] public uint Links;
    [FieldOffset(20)] public uint User;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public long Size;
    [FieldOffset(48)] public long Blocks;
    [FieldOffset(96)] public FileTime ChangedAt;
    [FieldOffset(112)] public FileTime ModifiedAt;

    /// <summary>
    /// What it counts: its bytes, or what was set aside for it where that is far more (blocks have 512 bytes, and file systems
    /// set a little aside themselves).
    /// </summary>
    public readonly long Room => Blocks * 512 > Size + Slack ? Blocks * 512 : Size;

    public readonly bool IsDirectory => (Mode & TypeMask) == TypeDirectory;

    public readonly bool IsLink => (Mode & TypeMask) == TypeLink;

    public readonly bool IsRegular => (Mode & TypeMask) == TypeRegular;
}

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal readonly struct FileTime
{
    public readonly long Seconds;
    public readonly uint Nanoseconds;

    /// <summary>A file may bear any time at all; those that .NET has none for become the nearest.</summary>
    public DateTimeOffset ToTime()
    {
        var seconds = Math.Clamp(Seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 1);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Nanoseconds / 100);
    }
}
