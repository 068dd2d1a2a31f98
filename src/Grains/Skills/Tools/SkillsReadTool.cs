using System.Text.Json;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills.Tools;

/// <summary><c>skills_read</c>: the instructions of an installed skill, which are not shown before they are wanted.</summary>
internal sealed class SkillsReadTool(IReadOnlyList<SkillInfo> skills, SkillFiles files) : ITool
{
    public const string ToolName = "skills_read";

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": { "name": { "type": "string", "description": "The skill's name.", "minLength": 1, "maxLength": 64 } },
          "required": ["name"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Reads the instructions of an installed skill.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Read;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetProperty("name").GetString()!;
        if (skills.FirstOrDefault(skill => skill.Name == name) is not { } found)
            return ToolResult.Failure($"There is no skill named '{name}'. There are: {string.Join(", ", skills.Select(skill => skill.Name))}.");
        var directory = files.PathOf(context.Session.Tenant, found.Revision);
        try
        {
            var text = await Task.Run(() => SkillManifestReader.ReadInstructions(directory), cancellationToken);
            var place = TenantSkills.MountOf(found.Name, directory).Target;
            return ToolResult.Success($"Instructions of the skill {found.Name}, whose folder commands see at {place}:\n\n{text.Replace("{baseDir}", place, StringComparison.Ordinal)}");
        }
        catch (IOException)
        {
            return ToolResult.Failure(SkillReasons.FilesGone.English);
        }
    }
}
