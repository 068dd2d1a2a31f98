using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Models;

/// <summary>What a model is asked in one step.</summary>
public sealed record ModelRequest
{
    /// <summary>Who asks: slots are shared between tenants.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The session's model, as <see cref="ModelRoute.Model"/> named it.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public IReadOnlyList<ITool> Tools { get; init; } = [];

    /// <summary>At most this many tokens of answer, or null for the provider's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Asked before each attempt, or null.</summary>
    public IModelCallGate? Gate { get; init; }
}
