using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tools;

/// <summary>The tools of the conversation.</summary>
public interface IToolRegistry
{
    /// <summary>Tools that a sender with these scopes may use.</summary>
    IReadOnlyList<ITool> For(Scopes scopes);

    /// <summary>The tool with this name, or null.</summary>
    ITool? Find(string name);
}
