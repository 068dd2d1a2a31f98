using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>A tool as models are told of it. Made once for each tool, and a list of them once for each list of tools.</summary>
internal sealed class ToolDeclaration(ITool tool) : AIFunctionDeclaration
{
    private static readonly ConditionalWeakTable<IReadOnlyList<ITool>, IList<AITool>> Lists = [];
    private static readonly ConditionalWeakTable<ITool, ToolDeclaration> Declarations = [];

    public override string Name => tool.Name;

    public override string Description => tool.Description;

    public override JsonElement JsonSchema => tool.Parameters;

    public static IList<AITool> ListOf(IReadOnlyList<ITool> tools) => Lists.GetValue(
        tools, static list => [.. list.Select(item => Declarations.GetValue(item, static key => new ToolDeclaration(key)))]);
}
