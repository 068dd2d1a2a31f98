namespace OpenClaw.Grains.Models.Offline;

/// <summary>Says honestly what it can make of attachments: it shows how texts begin, and sees that anything else is there.</summary>
internal sealed class AttachmentRule : IOfflineRule
{
    private const int ShownLines = 5;

    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        if (question.Attachments.Count == 0) return null;
        var names = string.Join(", ", question.Attachments.Select(name => $"`{name}`"));
        if (question.AttachedTexts.Count == 0)
        {
            return new OfflineReply(question.Say(
                $"I received {names} with your message. I am the built-in offline model and cannot look inside; configure a model provider for that.",
                $"我收到了随消息附上的 {names}。我是内置的离线模型，无法理解其内容，请配置模型提供方。"));
        }

        var beginnings = question.AttachedTexts.Select(file => $"`{file.Name}`:\n\n> {BeginningOf(file.Text)}");
        return new OfflineReply(string.Join("\n\n", [
            question.Say(
                $"I received {names} with your message. I am the built-in offline model and understand no text; it begins like this:",
                $"我收到了随消息附上的 {names}。我是内置的离线模型，无法理解其内容，开头如下："),
            .. beginnings,
        ]));
    }

    private static string BeginningOf(string text) => string.Join("\n> ", text.Split('\n').Take(ShownLines).Select(line => line.TrimEnd()));
}
