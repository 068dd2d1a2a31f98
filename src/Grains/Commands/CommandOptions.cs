using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Commands;

/// <summary>Limits of one command. Section <c>OpenClaw:Commands</c>.</summary>
public sealed class CommandOptions
{
    public const string Section = "OpenClaw:Commands";

    /// <summary><c>bubblewrap</c>, or <c>off</c>: then every command is refused.</summary>
    [RegularExpression("bubblewrap|off")]
    public string Sandbox { get; set; } = "bubblewrap";

    /// <summary>Of all its processes together, in MiB; beyond it the kernel kills one, or the server all.</summary>
    [Range(64, 1_048_576)]
    public int MemoryMiB { get; set; } = 1024;

    /// <summary>Processes and threads at once.</summary>
    [Range(8, 32_768)]
    public int MaxProcesses { get; set; } = 128;

    /// <summary>Processors that all its processes together may keep busy, where the server may make control groups.</summary>
    [Range(1, 1024)]
    public int MaxCores { get; set; } = 1;

    /// <summary>Open files of each process.</summary>
    [Range(64, 1_048_576)]
    public int MaxOpenFiles { get; set; } = 1024;

    /// <summary>Of one file, in MiB.</summary>
    [Range(1, 1_048_576)]
    public int MaxFileMiB { get; set; } = 2048;

    /// <summary>Commands are killed while the disk of the workspaces has less room than this, in MiB.</summary>
    [Range(0, 1_048_576)]
    public int MinFreeDiskMiB { get; set; } = 2048;

    /// <summary>Where the server is root, commands of a tenant run under a user of this number or one of the 7,999 above it.</summary>
    [Range(1000, 2_000_000_000)]
    public int FirstUserId { get; set; } = 52_000;
}
