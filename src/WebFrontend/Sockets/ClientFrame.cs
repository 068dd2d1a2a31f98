using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Sessions;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>What a client can send; the names in lower case are the frames' types.</summary>
internal enum ClientFrameType
{
    Auth,
    Subscribe,
    Unsubscribe,
    Message,
    Cancel,
    Ping,
}

/// <summary>A frame as its client wrote it; what does not belong to its type is not set.</summary>
internal sealed record ClientFrame(ClientFrameType Type)
{
    private const int MaxChannels = 16;

    /// <summary>Of an <c>auth</c> frame.</summary>
    public string ApiKey { get; private init; } = "";

    /// <summary>Of <c>subscribe</c> and <c>unsubscribe</c>; at least one.</summary>
    public Channels Channels { get; private init; }

    public string? SessionId { get; private init; }

    /// <summary>Where a subscription goes on; null from now on.</summary>
    public long? After { get; private init; }

    /// <summary>Of a <c>message</c> frame.</summary>
    public MessageRequest? Message { get; private init; }

    /// <summary>Reads a frame; what is wrong with it stays in <paramref name="fields"/>.</summary>
    public static ClientFrame Read(JsonFields fields) => fields.Choice<ClientFrameType>("type", required: true) switch
    {
        ClientFrameType.Auth => new ClientFrame(ClientFrameType.Auth) { ApiKey = fields.Text("apiKey", required: true) ?? "" },
        ClientFrameType.Subscribe => new ClientFrame(ClientFrameType.Subscribe)
        {
            SessionId = fields.Text("sessionId"),
            After = fields.Integer("after", 0, long.MaxValue),
            Channels = ReadChannels(fields),
        },
        ClientFrameType.Unsubscribe => new ClientFrame(ClientFrameType.Unsubscribe) { SessionId = fields.Text("sessionId"), Channels = ReadChannels(fields) },
        ClientFrameType.Message => new ClientFrame(ClientFrameType.Message)
        {
            SessionId = fields.Text("sessionId"),
            Message = SessionRequests.ReadMessage(fields),
        },
        ClientFrameType.Cancel => new ClientFrame(ClientFrameType.Cancel) { SessionId = fields.Text("sessionId", required: true) },
        _ => new ClientFrame(ClientFrameType.Ping),
    };

    private static Channels ReadChannels(JsonFields fields)
    {
        var channels = Channels.None;
        if (fields.IsAbsent("channels"))
            fields.Refuse("channels", RequestReasons.OneOf(ChannelNames.All));
        foreach (var (name, text) in fields.Texts("channels", MaxChannels))
        {
            if (ChannelNames.Parse(text) is var channel and not Channels.None)
                channels |= channel;
            else
                fields.Refuse(name, RequestReasons.OneOf(ChannelNames.All));
        }

        if (channels == Channels.None)
            fields.Refuse("channels", RequestReasons.OneOf(ChannelNames.All));
        if (channels.HasFlag(Channels.Tasks) && !fields.IsAbsent("sessionId"))
            fields.Refuse("channels", RequestReasons.OneOf("messages"));
        return channels;
    }
}
