namespace OpenClaw.Grains.Commands;

/// <summary>Why the server kills a command, as its exit tells.</summary>
internal static class CommandKills
{
    public const string Cancelled = "cancelled";
    public const string Storage = "storage";
    public const string Memory = "memory";
    public const string Disk = "disk";
}
