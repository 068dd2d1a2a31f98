using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills;

/// <summary>A skill as its owner sees it, from what is stored and what its files say.</summary>
internal static class SkillDescription
{
    /// <param name="name">The skill's.</param>
    /// <param name="state">It exists.</param>
    /// <param name="manifest">Null when its files are gone.</param>
    public static SkillInfo Of(string name, SkillState state, SkillManifest? manifest)
    {
        var given = state.Secrets.Select(secret => secret.Name).ToHashSet(StringComparer.Ordinal);
        var declared = manifest?.Secrets ?? [];
        return new SkillInfo
        {
            Name = name,
            Version = state.Version,
            Enabled = state.Enabled,
            Description = manifest?.Description ?? "",
            Source = Enum.Parse<SkillSource>(state.Source),
            Revision = state.Revision,
            InstalledAt = state.InstalledAt!.Value,
            UpdatedAt = state.UpdatedAt,
            Actions = manifest is null ? [] : ActionsOf(manifest, state.Tools).ToArray(),
            Secrets = declared.Select(secret => new SkillSecretInfo(secret.Name, secret.IsRequired, secret.Description, given.Contains(secret.Name)))
                .Concat(given.Where(secret => declared.All(known => known.Name != secret)).Order(StringComparer.Ordinal).Select(secret => new SkillSecretInfo(secret, false, null, true)))
                .ToArray(),
            IsForModels = manifest?.IsForModels ?? false,
            Size = state.Size,
            Warning = manifest is null ? SkillReasons.FilesGone : state.Warning(),
            Homepage = manifest?.Homepage,
            License = manifest?.License,
        };
    }

    private static IEnumerable<SkillActionInfo> ActionsOf(SkillManifest manifest, SkillToolState[] tools)
    {
        for (var index = 0; index < manifest.Actions.Count; index++)
        {
            var action = manifest.Actions[index];
            if (action.Runner is not McpRunner)
            {
                yield return new SkillActionInfo(
                    action.Name, action.Description, new JsonPayload(CompactJson.Write(action.Parameters)), action.IsIdempotent);
                continue;
            }

            foreach (var tool in tools.Where(tool => tool.Server == index))
                yield return new SkillActionInfo(tool.Name, tool.Description, JsonPayload.From(tool.Parameters), action.IsIdempotent);
        }
    }
}
