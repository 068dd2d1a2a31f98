using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>An installed skill.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillInfo")]
public sealed record SkillInfo
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required string Version { get; init; }

    [Id(2)] public required bool Enabled { get; init; }

    [Id(3)] public required string Description { get; init; }

    [Id(4)] public required SkillSource Source { get; init; }

    /// <summary>Names the content: another content has another revision, and the same content the same.</summary>
    [Id(5)] public required string Revision { get; init; }

    [Id(6)] public required DateTimeOffset InstalledAt { get; init; }

    [Id(7)] public required DateTimeOffset UpdatedAt { get; init; }

    [Id(8)] public required IReadOnlyList<SkillActionInfo> Actions { get; init; }

    /// <summary>What it has to be given; the values are never told.</summary>
    [Id(9)] public required IReadOnlyList<SkillSecretInfo> Secrets { get; init; }

    /// <summary>Whether conversations are offered it.</summary>
    [Id(10)] public bool IsForModels { get; init; }

    /// <summary>Bytes of its files.</summary>
    [Id(11)] public long Size { get; init; }

    /// <summary>Why part of it does not work, or null.</summary>
    [Id(12)] public LocalizedText? Warning { get; init; }

    [Id(13)] public string? Homepage { get; init; }

    [Id(14)] public string? License { get; init; }

    public SkillActionInfo? FindAction(string name) => Actions.FirstOrDefault(action => action.Name == name);
}

/// <summary>Something that a skill does.</summary>
/// <param name="Name">Unique in the skill.</param>
/// <param name="Description">May be empty.</param>
/// <param name="Parameters">JSON Schema of an object.</param>
/// <param name="IsIdempotent">An execution that a crash has cut may be made again.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillActionInfo")]
public sealed record SkillActionInfo(
    [property: Id(0)] string Name,
    [property: Id(1)] string Description,
    [property: Id(2)] JsonPayload Parameters,
    [property: Id(3)] bool IsIdempotent);

/// <summary>Something that a skill has to be given.</summary>
/// <param name="Name">As its programs and templates know it.</param>
/// <param name="IsRequired">Without it the skill is not to be expected to work.</param>
/// <param name="Description">Null when the skill says nothing.</param>
/// <param name="IsSet">It was given.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillSecretInfo")]
public sealed record SkillSecretInfo(
    [property: Id(0)] string Name,
    [property: Id(1)] bool IsRequired,
    [property: Id(2)] string? Description,
    [property: Id(3)] bool IsSet);
