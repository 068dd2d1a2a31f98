using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Skills;

/// <summary>The actions of a skill, the tools of its servers among them.</summary>
internal static class SkillActions
{
    /// <summary>The action of that name; without a name the only one.</summary>
    public static (SkillAction? Action, Problem? Problem) Find(SkillPackage package, string revision, SkillVault vault, string? name)
    {
        var all = List(package, revision, vault);
        // What is known of tools is of the revision that is installed; one before it names its server's by their names.
        if (revision != vault.Skill.Revision && name is not null && all.All(action => action.Name != name))
            return FindOlder(package, name) is { } older ? (older, null) : (null, Problem.Conflict(SkillReasons.Upgraded));
        if (all.Count == 0) return (null, Problem.Conflict(SkillReasons.NoActions));
        var found = name is null ? (all.Count == 1 ? all[0] : null) : all.FirstOrDefault(action => action.Name == name);
        return found is null
            ? (null, Problem.Invalid("action", SkillReasons.ActionNeeded(string.Join(", ", all.Select(action => action.Name)))))
            : (found, null);
    }

    private static SkillAction? FindOlder(SkillPackage package, string name)
    {
        var servers = package.Manifest.Actions.Where(action => action.Runner is McpRunner).ToList();
        return servers is [{ Runner: McpRunner server } only]
            ? only with { Name = name, Parameters = CompactJson.EmptyObject, Runner = server with { Tool = name } }
            : null;
    }

    private static List<SkillAction> List(SkillPackage package, string revision, SkillVault vault)
    {
        var all = new List<SkillAction>();
        for (var index = 0; index < package.Manifest.Actions.Count; index++)
        {
            var action = package.Manifest.Actions[index];
            if (action.Runner is not McpRunner server)
            {
                all.Add(action);
                continue;
            }

            if (revision != vault.Skill.Revision) continue;
            foreach (var tool in vault.Tools.Where(tool => tool.Server == index))
            {
                var schema = JsonElement.Parse(tool.Parameters);
                all.Add(action with
                {
                    Name = tool.Name,
                    // One that is not understood here is left to the server, which checks it anyway.
                    Parameters = ToolSchema.FindProblem(schema) is null ? schema : CompactJson.EmptyObject,
                    Runner = server with { Tool = tool.Name },
                });
            }
        }

        return all;
    }
}
