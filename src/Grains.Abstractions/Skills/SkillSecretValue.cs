namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>A secret to be set, or removed.</summary>
/// <param name="Name"><c>[A-Za-z][A-Za-z0-9_]{0,63}</c>.</param>
/// <param name="Value">1 to 32,768 bytes of UTF-8 without U+0000; null removes it.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillSecretValue")]
public sealed record SkillSecretValue([property: Id(0)] string Name, [property: Id(1)] string? Value)
{
    /// <summary>Bytes of UTF-8.</summary>
    public const int MaxBytes = 32_768;

    /// <summary>Secrets of one skill.</summary>
    public const int MaxSecrets = 64;

    /// <summary>Not even by accident in a log.</summary>
    public override string ToString() => $"{nameof(SkillSecretValue)} {{ {Name} }}";
}
