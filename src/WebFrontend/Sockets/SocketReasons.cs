using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>Why frames and upgrades are refused, beside what HTTP and JSON can be refused for.</summary>
internal static class SocketReasons
{
    public static LocalizedText Authenticated { get; } = new(
        "this socket is authenticated already; open another one for another key", "该连接已完成认证,如需使用其他密钥请另建连接");

    public static LocalizedText NotASocket { get; } = new(
        "open a WebSocket here: send 'Upgrade: websocket'", "请在此建立 WebSocket 连接:发送 'Upgrade: websocket'");

    public static LocalizedText TooManySessions(int most) => new(
        $"this socket follows {most} sessions already; unsubscribe from one, or subscribe to all messages", $"该连接已订阅 {most} 个会话,请先退订其中一个,或订阅全部消息");
}
