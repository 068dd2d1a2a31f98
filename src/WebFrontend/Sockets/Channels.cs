using OpenClaw.Grains.Abstractions.Events;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>What a socket can subscribe to.</summary>
[Flags]
internal enum Channels
{
    None = 0,
    Messages = 1,
    Tasks = 2,
}

internal static class ChannelNames
{
    public const string All = "messages, tasks";

    private static readonly string[][] Lists = [[], ["messages"], ["tasks"], ["messages", "tasks"]];

    public static Channels Parse(string name) => name switch
    {
        "messages" => Channels.Messages,
        "tasks" => Channels.Tasks,
        _ => Channels.None,
    };

    public static IReadOnlyList<string> Of(Channels channels) => Lists[(int)channels];

    /// <summary>Where an event is shown; webhooks alone are told of the others.</summary>
    public static Channels ChannelOf(TenantEvent one) => one.Type switch
    {
        EventTypes.MessageReceived or EventTypes.MessageSent => Channels.Messages,
        EventTypes.TaskStarted or EventTypes.TaskCompleted => Channels.Tasks,
        // A turn's failure stands in its session's log, a task's in none.
        EventTypes.ErrorOccurred => one.SessionSeq is null ? Channels.Tasks : Channels.Messages,
        _ => Channels.None,
    };
}
