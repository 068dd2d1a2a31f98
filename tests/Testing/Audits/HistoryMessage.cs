using System.Text.Json;

namespace OpenClaw.Testing.Audits;

/// <summary>A message as the history shows it.</summary>
public sealed record HistoryMessage(string Id, string Role, string Content)
{
    public static HistoryMessage Parse(JsonElement message) => new(
        message.GetProperty("messageId").GetString()!,
        message.GetProperty("role").GetString()!,
        message.GetProperty("content").GetString()!);
}
