namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>Whether somebody watches a tenant's events.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantWatch")]
public sealed record TenantWatch([property: Id(0)] bool IsWatched);
