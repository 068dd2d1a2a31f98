namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>Tokens as the model's provider counted them; <c>Estimated</c> when it did not say.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TokenUsage")]
public sealed record TokenUsage(
    [property: Id(0)] long InputTokens,
    [property: Id(1)] long OutputTokens,
    [property: Id(2)] bool Estimated = false)
{
    public static TokenUsage Zero { get; } = new(0, 0);

    public long TotalTokens => InputTokens + OutputTokens;

    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => new(
        left.InputTokens + right.InputTokens,
        left.OutputTokens + right.OutputTokens,
        left.Estimated || right.Estimated);

    public TokenUsage Add(TokenUsage other) => this + other;
}
