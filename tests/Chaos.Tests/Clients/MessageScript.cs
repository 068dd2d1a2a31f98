using System.Globalization;

namespace OpenClaw.Chaos.Tests.Clients;

/// <summary>A message and what the model server makes of it.</summary>
/// <param name="Content">Unique in the run.</param>
/// <param name="Words">What the model asks the tool to record, in order; each is unique in the run and no word begins another.</param>
/// <param name="Steps">How often the model is asked when nothing goes wrong.</param>
/// <param name="Answer">What the model says in the end; null when it says what the tool answered.</param>
internal sealed record MessageScript(string Content, IReadOnlyList<string> Words, int Steps, string? Answer)
{
    private const int MinTokens = 10;
    private const int MaxTokens = 40;
    private const int MinDelay = 10;
    private const int MaxDelay = 40;

    /// <param name="id">Unique in the run.</param>
    /// <param name="random">Decides what is asked.</param>
    public static MessageScript Create(string id, Random random)
    {
        var kind = random.Next(100);
        var delay = random.Next(MinDelay, MaxDelay);
        if (kind < 45)
        {
            var tokens = random.Next(MinTokens, MaxTokens);
            var answer = string.Join(' ', Enumerable.Range(1, tokens).Select(token => string.Create(CultureInfo.InvariantCulture, $"token{token}")));
            return new MessageScript(Text($"{id} #tokens={tokens} #delay={delay}"), [], 1, answer);
        }

        if (kind < 75)
            return WithTools(Text($"{id} #delay={delay}"), [$"{id}-a"], 2);
        return kind < 88
            ? WithTools(Text($"{id} #delay={delay}"), [$"{id}-a", $"{id}-b"], 3)
            : WithTools(Text($"{id} #together #delay={delay}"), [$"{id}-a", $"{id}-b"], 2);
    }

    private static MessageScript WithTools(string first, IReadOnlyList<string> words, int steps) => new(
        string.Join('\n', words.Select(word => $$"""#tool=record {"word":"{{word}}"}""").Prepend(first)), words, steps, null);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
