using OpenClaw.Testing.Audits;

namespace OpenClaw.Chaos.Tests.Clients;

/// <summary>A session of a <see cref="ChatClient"/>.</summary>
internal sealed class Chat(string sessionId)
{
    public Conversation Conversation { get; } = new(sessionId);

    public List<ChatMessage> Messages { get; } = [];
}
