using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Grains.Skills.Running;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills.Tools;

/// <summary>What a conversation has of its tenant's enabled skills: their names and descriptions, their texts on demand, and their actions as tools.</summary>
internal sealed class SkillTools(TenantSkills skills, SkillPackages packages, SkillFiles files, IGrainFactory grains, IOptions<SkillOptions> options)
{
    /// <summary>Tools of skills that one conversation has; models take no more than so many in all.</summary>
    private const int MaxTools = 100;

    /// <summary>Of their schemas together, in bytes: they take room in every prompt.</summary>
    private const int MaxSchemaBytes = 128 * 1024;

    private const int MaxToolName = 64;
    private const int MaxDescription = 300;
    private const int HashLength = 8;

    /// <summary>Made once for each state of a tenant's skills, not for each turn.</summary>
    private readonly ConditionalWeakTable<IReadOnlyList<SkillInfo>, TurnSkills> _made = [];

    /// <summary>As they are now: a turn keeps what it began with.</summary>
    public async ValueTask<TurnSkills> LoadAsync(SessionKey session, CancellationToken cancellationToken)
    {
        var enabled = await skills.GetAsync(session.Tenant, cancellationToken);
        if (!SkillSessions.IsExecution(session.SessionId)) return _made.GetValue(enabled, list => Make(list, []));
        var prompts = new HashSet<(string Skill, string Action)>();
        foreach (var skill in enabled)
        {
            if (await packages.FindAsync(session.Tenant, skill.Revision) is { } package)
                prompts.UnionWith(package.Manifest.Actions.Where(action => action.Runner is PromptRunner).Select(action => (skill.Name, action.Name)));
        }

        return Make(enabled, prompts);
    }

    private TurnSkills Make(IReadOnlyList<SkillInfo> enabled, HashSet<(string Skill, string Action)> without)
    {
        var offered = enabled.Where(skill => skill.IsForModels).ToArray();
        if (offered.Length == 0) return new TurnSkills([], null);
        var tools = new Dictionary<string, ITool>(StringComparer.Ordinal) { [SkillsReadTool.ToolName] = new SkillsReadTool(offered, files) };
        var room = MaxSchemaBytes;
        foreach (var skill in offered)
        {
            foreach (var action in skill.Actions)
            {
                if (without.Contains((skill.Name, action.Name)) || tools.Count > MaxTools || room < action.Parameters.Utf8.Length) continue;
                room -= action.Parameters.Utf8.Length;
                var name = NameOf(skill.Name, action.Name, tools.ContainsKey);
                tools[name] = new SkillTool(name, skill, action, grains);
            }
        }

        return new TurnSkills([.. tools.Values], Tell(offered));
    }

    /// <summary>The tool of an action: characters that no tool's name may hold become <c>_</c>; what is too long, or taken, ends in a hash.</summary>
    internal static string NameOf(string skill, string action, Func<string, bool> isTaken)
    {
        var name = string.Concat($"skill_{skill}_{action}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
        if (name.Length <= MaxToolName && !isTaken(name)) return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{skill}\n{action}")))[..HashLength];
        return string.Concat(name.AsSpan(0, Math.Min(name.Length, MaxToolName - HashLength - 1)), "_", hash);
    }

    private string? Tell(SkillInfo[] offered)
    {
        var text = new StringBuilder("Skills that are installed here. Before you use one, read its instructions with skills_read; what it can do are tools.");
        foreach (var skill in offered)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"\n- {skill.Name}: {WholeCharacters.Of(skill.Description.ReplaceLineEndings(" "), MaxDescription)}");
            if (text.Length + line.Length > options.Value.PromptCharacters) break;
            text.Append(line);
        }

        return options.Value.PromptCharacters == 0 ? null : text.ToString();
    }
}
