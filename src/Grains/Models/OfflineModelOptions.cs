namespace OpenClaw.Grains.Models;

/// <summary>The built-in model.</summary>
public sealed class OfflineModelOptions
{
    /// <summary>Pause between two chunks, 0 to 60,000 ms. 0 makes answers as fast as the rest of the system is.</summary>
    public int ChunkDelayMilliseconds { get; set; } = 15;
}
