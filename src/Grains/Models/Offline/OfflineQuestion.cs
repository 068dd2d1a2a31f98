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
        // What the user wrote stands first; texts behind it are the attachments' and ask for nothing.
        var written = last?.Contents.OfType<TextContent>().FirstOrDefault()?.Text ?? "";
        Attachments = last is null ? [] : [.. AttachmentsOf(last, written)];
        AttachedTexts = last is null ? [] : [.. AttachedTextsOf(last)];
        Text = AttachedFile().Replace(written, "").Trim();
        IsChinese = SpeaksChinese(Text.Length > 0 ? Text : string.Join('\n', UserTexts()));
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The last user's message without the list of its attachments.</summary>
    public string Text { get; }

    /// <summary>Chinese when the message holds a Chinese character, else English.</summary>
    public bool IsChinese { get; }

    /// <summary>Names or media types of what is attached to the last user's message.</summary>
    public IReadOnlyList<string> Attachments { get; }

    /// <summary>Names and contents of the text files that are attached to the last user's message.</summary>
    public IReadOnlyList<(string Name, string Text)> AttachedTexts { get; }

    /// <summary>The tool calls made since the last user's message, with what they answered.</summary>
    public IReadOnlyList<(string Tool, string Result)> MadeCalls()
    {
        var names = new Dictionary<string, string>();
        var made = new List<(string, string)>();
        foreach (var message in Messages.Reverse().TakeWhile(message => message.Role != ChatRole.User).Reverse())
        {
            foreach (var call in message.Contents.OfType<FunctionCallContent>()) names[call.CallId] = call.Name;
            foreach (var result in message.Contents.OfType<FunctionResultContent>())
                made.Add((names.GetValueOrDefault(result.CallId, "tool"), result.Result?.ToString() ?? ""));
        }

        return made;
    }

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

    private static IEnumerable<string> AttachmentsOf(ChatMessage message, string written)
    {
        var names = AttachedFile().Matches(written).Select(file => file.Groups[1].Value).ToList();
        return names.Count > 0 ? names : message.Contents.SelectMany(content => content switch
        {
            DataContent data => [data.Name ?? data.MediaType],
            UriContent uri => [uri.MediaType],
            _ => Enumerable.Empty<string>(),
        });
    }

    private static IEnumerable<(string Name, string Text)> AttachedTextsOf(ChatMessage message) =>
        from content in message.Contents.OfType<TextContent>().Skip(1)
        let attached = AttachedText().Match(content.Text)
        where attached.Success
        select (attached.Groups["name"].Value, attached.Groups["text"].Value);

    private static bool SpeaksChinese(string text) => text.Any(c => c is >= '\u3400' and <= '\u9fff');

    /// <summary>The line by which a prompt tells of an attached file.</summary>
    [GeneratedRegex(@"^\[attached file: (.+)\]\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex AttachedFile();

    /// <summary>What a prompt shows of an attached text file.</summary>
    [GeneratedRegex(@"\AContent of the attached file (?<name>[^,\n]+),.*?\n<<<(?<mark>\w+)\n(?<text>.*)\n\k<mark>>>>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex AttachedText();
}
