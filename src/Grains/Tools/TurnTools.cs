using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Skills.Tools;

namespace OpenClaw.Grains.Tools;

/// <summary>The tools of one turn: those of every conversation, and those of its tenant's skills as they were when it began.</summary>
internal sealed class TurnTools(IToolRegistry registry, TurnSkills skills)
{
    /// <summary>What the model is told of the skills; null where a sender with these scopes has nothing of them.</summary>
    public string? PromptFor(Scopes scopes) => scopes.HasFlag(Scopes.Read) ? skills.Prompt : null;

    /// <inheritdoc cref="IToolRegistry.For"/>
    public IReadOnlyList<ITool> For(Scopes scopes) => skills.With(scopes, registry.For);

    /// <inheritdoc cref="IToolRegistry.Find"/>
    public ITool? Find(string name) => registry.Find(name) ?? skills.Tools.FirstOrDefault(tool => tool.Name == name);
}
