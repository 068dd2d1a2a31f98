namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>Names in skills.</summary>
public static class SkillNames
{
    private const int MaxLength = 64;
    private const int MaxToolLength = 128;

    /// <summary>Variables that a shell keeps for itself: setting them ends it.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "OPTIND", "PPID", "UID", "EUID", "BASHOPTS", "SHELLOPTS" };

    /// <summary>1 to 64 of <c>a-z0-9-</c>, a letter or digit at both ends.</summary>
    public static bool IsSkillName(string name) =>
        name.Length is > 0 and <= MaxLength && name[0] != '-' && name[^1] != '-' && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>1 to 64 of <c>A-Za-z0-9._-</c>.</summary>
    public static bool IsActionName(string name) => name.Length is > 0 and <= MaxLength && IsPlain(name);

    /// <summary>A tool of a Model Context Protocol server: 1 to 128 of <c>A-Za-z0-9._/-</c>.</summary>
    public static bool IsToolName(string name) => name.Length is > 0 and <= MaxToolLength && IsPlain(name.Replace('/', '.'));

    /// <summary><c>[A-Za-z][A-Za-z0-9_]{0,63}</c>, and none of what a shell keeps for itself.</summary>
    public static bool IsSecretName(string name) =>
        name.Length is > 0 and <= MaxLength && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Reserved.Contains(name);

    /// <summary>1 to 64 of <c>A-Za-z0-9.+_-</c>, a letter or digit first.</summary>
    public static bool IsVersion(string version) =>
        version.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(version[0]) && IsPlain(version.Replace('+', '.'));

    private static bool IsPlain(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
