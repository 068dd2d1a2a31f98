using OpenClaw.Testing.Audits;

namespace OpenClaw.Chaos.Tests.Clients;

/// <summary>A message of a <see cref="ChatClient"/>, and what it was told.</summary>
internal sealed class ChatMessage(MessageScript script, bool streamed)
{
    public MessageScript Script { get; } = script;

    public SentMessage Sent { get; } = new(script.Content, streamed);

    /// <summary>The whole first answer to a message that was not streamed; null until it is there.</summary>
    public string? Answer { get; set; }
}
