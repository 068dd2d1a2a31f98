namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>The Orleans streams that carry a session's frames to everyone but the caller of a turn.</summary>
/// <remarks>The doorbell and the fast path, never the truth: the item is a <see cref="FrameBatch"/>, and a lost one costs a read of the log.</remarks>
public static class SessionStreams
{
    /// <summary>Name of the stream provider, and of the memory storage of its subscriptions.</summary>
    public const string Provider = "frames";

    public const string Namespace = "session";
}
