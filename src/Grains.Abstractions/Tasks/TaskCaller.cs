using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>Whose a task becomes: it runs with these scopes, and as long as the key is there.</summary>
/// <param name="KeyId">Null where no key is known; the task then outlives every key.</param>
/// <param name="Scopes">The key's.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskCaller")]
public sealed record TaskCaller([property: Id(0)] string? KeyId, [property: Id(1)] Scopes Scopes);
