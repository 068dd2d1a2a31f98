using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Skills;

/// <summary>The bodies of skill requests, with their limits.</summary>
internal static class SkillRequests
{
    private const int MaxNameChars = 64;
    private const int MaxVersionChars = 64;
    private const int MaxActionChars = 128;
    private const int MaxParameterBytes = 1024 * 1024;

    public static InstallSkill ReadInstall(JsonFields fields, bool mayRun)
    {
        var source = fields.Choice<SkillSource>("source", required: true) ?? SkillSource.File;
        var name = fields.Text("name", maxChars: MaxNameChars, required: source is not SkillSource.File);
        if (name is not null && !SkillNames.IsSkillName(name))
            fields.Refuse("name", RequestReasons.SkillName);
        var version = fields.Text("version", maxChars: MaxVersionChars);
        if (version is not null && !SkillNames.IsVersion(version))
            fields.Refuse("version", RequestReasons.Version);
        var owner = fields.Text("owner", maxChars: MaxNameChars);
        if (owner is not null && !KeyNames.IsName(owner))
            fields.Refuse("owner", RequestReasons.Name);
        return new InstallSkill
        {
            Source = source,
            Name = name,
            Version = version,
            Path = fields.Text("path", required: source is SkillSource.File, allowNul: true),
            Owner = owner,
            Force = fields.Boolean("force") ?? false,
            MayRun = mayRun,
        };
    }

    public static SkillUpdate ReadUpdate(JsonFields fields) => new(fields.Boolean("enabled"));

    /// <summary>Texts are set, <c>null</c> removes.</summary>
    public static IReadOnlyList<SkillSecretValue> ReadSecrets(JsonFields fields)
    {
        if (fields.Inner("secrets") is not { } secrets)
        {
            fields.Refuse("secrets", RequestReasons.Missing);
            return [];
        }

        var values = new List<SkillSecretValue>();
        foreach (var name in secrets.Names())
        {
            if (values.Count == SkillSecretValue.MaxSecrets)
                fields.Refuse("secrets", RequestReasons.TooMany(SkillSecretValue.MaxSecrets));
            else if (!SkillNames.IsSecretName(name))
                fields.Refuse("secrets", RequestReasons.SecretName);
            if (fields.Problem is not null)
                return [];
            // An empty text would be a secret that is set and opens nothing.
            var value = secrets.IsAbsent(name) ? null : secrets.Text(name, maxBytes: SkillSecretValue.MaxBytes, required: true);
            values.Add(new SkillSecretValue(name, value));
        }

        fields.Adopt(secrets);
        return values.ToArray();
    }

    public static StartSkillRun ReadExecute(JsonFields fields, string skill, Caller caller) => new()
    {
        Skill = skill,
        Action = fields.Text("action", maxChars: MaxActionChars),
        Parameters = fields.Object("params", MaxParameterBytes) ?? JsonPayload.From("{}"),
        Scopes = caller.Scopes,
        KeyId = caller.KeyId,
    };
}

/// <summary>What of a skill is to be changed.</summary>
internal sealed record SkillUpdate(bool? Enabled);
