using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Skills;

/// <summary>An installed skill. <c>Warning</c> says why part of it does not work, where it does not.</summary>
internal sealed record SkillResource(
    string Name,
    string Version,
    bool Enabled,
    string Description,
    string Source,
    IReadOnlyList<SkillActionResource> Actions,
    IReadOnlyList<SkillSecretResource> Secrets,
    DateTimeOffset InstalledAt,
    DateTimeOffset UpdatedAt,
    string Revision,
    long Size,
    string? Homepage,
    string? License,
    string? Warning)
{
    public static SkillResource Of(SkillInfo skill, HttpRequest request) => new(
        skill.Name,
        skill.Version,
        skill.Enabled,
        skill.Description,
        SourceOf(skill.Source),
        [.. skill.Actions.Select(SkillActionResource.Of)],
        [.. skill.Secrets.Select(SkillSecretResource.Of)],
        skill.InstalledAt,
        skill.UpdatedAt,
        skill.Revision,
        skill.Size,
        skill.Homepage,
        skill.License,
        skill.Warning is { } warning ? ErrorWriter.In(warning, LanguagePreference.Of(request)) : null);

    public static string SourceOf(SkillSource source) => source.ToString().ToLowerInvariant();
}

/// <summary>Something that a skill does; <c>Parameters</c> is a JSON Schema.</summary>
internal sealed record SkillActionResource(string Name, string Description, RawJson Parameters)
{
    public static SkillActionResource Of(SkillActionInfo action) => new(action.Name, action.Description, RawJson.OrEmptyObject(action.Parameters));
}

/// <summary>Something that a skill has to be given. Its value is never told.</summary>
internal sealed record SkillSecretResource(string Name, bool Required, bool Set, string? Description)
{
    public static SkillSecretResource Of(SkillSecretInfo secret) => new(secret.Name, secret.IsRequired, secret.IsSet, secret.Description);
}

internal sealed record SkillListResource(IReadOnlyList<SkillResource> Skills);

/// <summary>What an installation answers.</summary>
internal sealed record InstalledSkillResource(string Name, string Version, string Status, string Source, bool Enabled, string? Warning)
{
    public static InstalledSkillResource Of(SkillInfo skill, HttpRequest request) => new(
        skill.Name,
        skill.Version,
        "installed",
        SkillResource.SourceOf(skill.Source),
        skill.Enabled,
        skill.Warning is { } warning ? ErrorWriter.In(warning, LanguagePreference.Of(request)) : null);
}

internal sealed record DeletedSkillResource(string Name, string Status);

/// <summary>How an execution ended; <c>Result</c> is null where there is none, and <c>Error</c> says why it failed.</summary>
internal sealed record ExecutedSkillResource(
    string Skill,
    string Action,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] RawJson? Result,
    long DurationMs,
    string? Error)
{
    public static ExecutedSkillResource Of(string skill, SkillRunResult result, HttpRequest request) => new(
        skill,
        result.Action,
        result.Status.ToString().ToLowerInvariant(),
        result.Result.IsEmpty ? null : new RawJson(result.Result),
        result.DurationMilliseconds,
        result.Error is { } error ? ErrorWriter.In(error, LanguagePreference.Of(request)) : null);
}

/// <summary>The record of an execution.</summary>
internal sealed record SkillRunResource(
    string RunId,
    string Action,
    string Version,
    string Status,
    DateTimeOffset StartedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? FinishedAt,
    string? SessionId,
    string? TurnId)
{
    public static SkillRunResource Of(SkillRunInfo run) =>
        new(run.RunId, run.Action, run.Version, run.Status, run.StartedAt, run.FinishedAt, run.SessionId, run.TurnId);
}

internal sealed record SkillRunListResource(
    IReadOnlyList<SkillRunResource> Runs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
