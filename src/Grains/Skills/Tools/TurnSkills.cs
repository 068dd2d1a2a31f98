using System.Collections.Concurrent;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Skills.Tools;

/// <summary>What a turn has of skills.</summary>
/// <param name="Tools">Their actions, and the tool that reads their texts.</param>
/// <param name="Prompt">Their names and descriptions, for the model; null where there is nothing to tell.</param>
internal sealed record TurnSkills(IReadOnlyList<ITool> Tools, string? Prompt)
{
    private readonly ConcurrentDictionary<Scopes, IReadOnlyList<ITool>> _byScopes = new();

    /// <summary>Other tools, and those of skills that these scopes allow: the same list each time, since providers keep what they make of it.</summary>
    public IReadOnlyList<ITool> With(Scopes scopes, Func<Scopes, IReadOnlyList<ITool>> others) => Tools.Count == 0
        ? others(scopes)
        : _byScopes.GetOrAdd(
            scopes,
            static (held, from) => [.. from.Others(held), .. from.Tools.Where(tool => held.HasFlag(tool.RequiredScopes))],
            (Tools, Others: others));
}
