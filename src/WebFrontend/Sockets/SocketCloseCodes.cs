using System.Net.WebSockets;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>Why a socket is closed: RFC 6455, section 7.4, and the API's own above 4000, which end in an HTTP status.</summary>
internal static class SocketCloseCodes
{
    /// <summary>The server stops; connect again, here or elsewhere, and go on after the last seq.</summary>
    public const WebSocketCloseStatus Stopping = WebSocketCloseStatus.EndpointUnavailable;

    /// <summary>A binary frame.</summary>
    public const WebSocketCloseStatus Binary = WebSocketCloseStatus.InvalidMessageType;

    /// <summary>Too many bad frames, or no sign of life.</summary>
    public const WebSocketCloseStatus Policy = WebSocketCloseStatus.PolicyViolation;

    /// <summary>A frame over 1 MiB.</summary>
    public const WebSocketCloseStatus TooBig = WebSocketCloseStatus.MessageTooBig;

    /// <summary>What was subscribed to cannot be read.</summary>
    public const WebSocketCloseStatus Failed = WebSocketCloseStatus.InternalServerError;

    /// <summary>No key, a wrong one, or one that has stopped working.</summary>
    public const WebSocketCloseStatus Unauthorized = (WebSocketCloseStatus)4401;

    /// <summary>The tenant has as many sockets open as it may.</summary>
    public const WebSocketCloseStatus TooManyConnections = (WebSocketCloseStatus)4429;
}
