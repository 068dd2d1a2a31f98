namespace OpenClaw.Grains.Abstractions;

/// <summary>Names that callers choose and that stand in the keys of grains.</summary>
public static class KeyNames
{
    /// <summary>Of a name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>1 to 64 of <c>A-Za-z0-9._-</c>, so that the id of a conversation is a name too.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
