namespace OpenClaw.WebFrontend.Streams;

/// <summary>The times and bounds of every watched stream.</summary>
internal static class StreamTimes
{
    /// <summary>How often a hub looks for what is due.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan FirstSilence = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ArrivalGrace = TimeSpan.FromSeconds(1);

    /// <summary>How long a subscription without readers is kept for one that comes back.</summary>
    public static readonly TimeSpan EmptyGrace = TimeSpan.FromSeconds(5);

    /// <summary>Frames or events that wait for one connection at most.</summary>
    public const int MaxWaiting = 512;
}
