using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.RegularExpressions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tools;

/// <summary>The tools in the container, checked once when it is made.</summary>
internal sealed partial class ToolRegistry : IToolRegistry
{
    private readonly ITool[] _tools;
    private readonly FrozenDictionary<string, ITool> _byName;
    private readonly ConcurrentDictionary<Scopes, IReadOnlyList<ITool>> _byScopes = new();

    /// <exception cref="InvalidOperationException">Two tools share a name, or one's name or schema cannot be used.</exception>
    public ToolRegistry(IEnumerable<ITool> tools)
    {
        _tools = [.. tools.OrderBy(tool => tool.Name, StringComparer.Ordinal)];
        var byName = new Dictionary<string, ITool>(StringComparer.Ordinal);
        foreach (var tool in _tools)
        {
            if (!ToolName().IsMatch(tool.Name))
                throw new InvalidOperationException($"'{tool.Name}' is no tool name: 1 to 64 of A-Za-z0-9_- are.");
            if (!byName.TryAdd(tool.Name, tool))
                throw new InvalidOperationException($"Two tools are named '{tool.Name}'.");
            if (ToolSchema.FindProblem(tool.Parameters) is { } problem)
                throw new InvalidOperationException($"The parameters of '{tool.Name}' cannot be checked: {problem.Path} {problem.Reason}.");
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyList<ITool> For(Scopes scopes) => _byScopes.GetOrAdd(
        scopes, (held, all) => [.. all.Where(tool => (tool.RequiredScopes & held) == tool.RequiredScopes)], _tools);

    public ITool? Find(string name) => _byName.GetValueOrDefault(name);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ToolName();
}
