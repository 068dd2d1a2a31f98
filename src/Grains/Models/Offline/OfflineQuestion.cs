using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>A conversation as the rules see it.</summary>
internal sealed partial class OfflineQuestion
{
    private readonly IList<AITool> _tools;

    public OfflineQuestion(IEnumerable<ChatMessage> messages, IList<AITool>? tools)
    {
        _tools = tools ?? [];
        Messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var last = Messages.LastOrDefault(message => message.Role == ChatRole.User);
        Attachments = last is null ? [] : [.. AttachmentsOf(last)];
        Text = last is null ? "" : AttachedFile().Replace(last.Text, "").Trim();
        IsChinese = SpeaksChinese(Text.Length > 0 ? Text : string.Join('\n', UserTexts()));
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The last user's message without the list of its attachments.</summary>
    public string Text { get; }

    /// <summary>Chinese when the message holds a Chinese character, else English.</summary>
    public bool IsChinese { get; }

    /// <summary>Names or media types of what is attached to the last user's message.</summary>
    public IReadOnlyList<string> Attachments { get; }

    /// <summary>The user's messages, oldest first.</summary>
    public IEnumerable<string> UserTexts() =>
        Messages.Where(message => message.Role == ChatRole.User).Select(message => message.Text);

    public bool Offers(string tool) => _tools.Any(offered => offered.Name == tool);

    /// <summary>Picks the sentence in the question's language.</summary>
    public string Say(string english, string chinese) => IsChinese ? chinese : english;

    /// <summary>A call of a tool, with an id that depends on the conversation alone.</summary>
    public FunctionCallContent Call(string tool, IDictionary<string, object?> arguments)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{Messages.Count}/{tool}/{Text}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(place));
        return new FunctionCallContent($"call_{Convert.ToHexStringLower(hash.AsSpan(0, 8))}", tool, arguments);
    }

    private static IEnumerable<string> AttachmentsOf(ChatMessage message)
    {
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case DataContent data:
                    yield return data.Name ?? data.MediaType;
                    break;
                case UriContent uri:
                    yield return uri.MediaType;
                    break;
                case TextContent text:
                    foreach (Match file in AttachedFile().Matches(text.Text)) yield return file.Groups[1].Value;
                    break;
            }
        }
    }

    private static bool SpeaksChinese(string text) => text.Any(c => c is >= '\u3400' and <= '\u9fff');

    /// <summary>The line by which a prompt tells of an attached file.</summary>
    [GeneratedRegex(@"^\[attached file: (.+)\]\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex AttachedFile();
}
