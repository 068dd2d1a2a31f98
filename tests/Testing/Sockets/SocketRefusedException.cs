namespace OpenClaw.Testing.Sockets;

/// <summary>The server answered the upgrade to a WebSocket with an error.</summary>
public sealed class SocketRefusedException(int status, Exception inner) : Exception($"The upgrade was answered with {status}.", inner)
{
    /// <summary>The answer's HTTP status.</summary>
    public int Status { get; } = status;
}
