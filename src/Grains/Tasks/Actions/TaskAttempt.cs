using System.Globalization;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>One attempt of a run.</summary>
internal sealed record TaskAttempt
{
    public required TenantId Tenant { get; init; }

    public required string RunId { get; init; }

    /// <summary>1 is the first.</summary>
    public required int Number { get; init; }

    /// <summary>The task's name.</summary>
    public required string Name { get; init; }

    public required TaskActionState Action { get; init; }

    public required Scopes Scopes { get; init; }

    /// <summary>The API key that the task belongs to, or null.</summary>
    public string? KeyId { get; init; }

    /// <summary>The most that it may take.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>The conversation that it speaks in; null when it speaks in none.</summary>
    public string? SessionId { get; init; }

    /// <summary>The same for whoever goes on with the attempt.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{RunId}-{Number}");
}
