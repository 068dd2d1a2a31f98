namespace OpenClaw.Grains.Models.Offline;

/// <summary>Says honestly what it can make of attachments: it sees that they are there.</summary>
internal sealed class AttachmentRule : IOfflineRule
{
    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        if (question.Attachments.Count == 0) return null;
        var names = string.Join(", ", question.Attachments.Select(name => $"`{name}`"));
        return new OfflineReply(question.Say(
            $"I received {names} with your message. I am the built-in offline model and cannot look inside; configure a model provider for that.",
            $"我收到了随消息附上的 {names}。我是内置的离线模型，无法理解其内容，请配置模型提供方。"));
    }
}
