using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Models;

/// <summary>A piece of a model's answer.</summary>
public abstract record ModelUpdate;

/// <summary>The next piece of text, never empty.</summary>
public sealed record ModelText(string Text) : ModelUpdate;

/// <summary>
/// A complete tool call. <c>Arguments</c> is the text that the model wrote, which need not be valid JSON.
/// </summary>
public sealed record ModelToolCall(string CallId, string Name, string Arguments) : ModelUpdate;

/// <summary>The answer's end.</summary>
/// <param name="FinishReason">One of <see cref="Abstractions.Sessions.FinishReason"/>, <c>stop</c> also when tools are called.</param>
/// <param name="Usage">As the provider counted, or estimated.</param>
/// <param name="Model">The model that answered; a fallback's name when it stepped in.</param>
public sealed record ModelFinished(string FinishReason, TokenUsage Usage, string Model) : ModelUpdate;
