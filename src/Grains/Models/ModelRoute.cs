using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Models;

/// <summary>Where a model's name leads.</summary>
public sealed record ModelRoute
{
    /// <summary>The name asked for, or the default model's.</summary>
    public required string Model { get; init; }

    /// <summary>The model that will answer: <c>offline</c> when no provider is configured.</summary>
    public required string ServedBy { get; init; }

    /// <summary>Tokens the model takes, prompt and answer together.</summary>
    public int ContextTokens { get; init; }

    /// <summary>Set when no configured provider has a route for the name: <c>INVALID_REQUEST</c> on <c>model</c>.</summary>
    public Problem? Problem { get; init; }
}
