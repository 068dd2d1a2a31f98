using System.Text;

namespace OpenClaw.Grains.Abstractions.Workspaces;

/// <summary>
/// An absolute path in a tenant's workspace: <c>/</c>, or names that each follow a slash. The text says where to go; that
/// it leads nowhere else is seen to when it is opened.
/// </summary>
public readonly record struct WorkspacePath
{
    /// <summary>Of the whole path, in bytes of UTF-8: Linux' PATH_MAX without its NUL.</summary>
    public const int MaxBytes = 4095;

    /// <summary>Of one name, in bytes of UTF-8: Linux' NAME_MAX.</summary>
    public const int MaxNameBytes = 255;

    /// <summary>Names in a path.</summary>
    public const int MaxDepth = 100;

    private readonly string? _text;

    private WorkspacePath(string text) => _text = text;

    /// <summary>The workspace itself.</summary>
    public static WorkspacePath Root { get; } = new("/");

    public bool IsRoot => Text.Length == 1;

    /// <summary>The last name; empty for the root.</summary>
    public string Name => Text[(Text.LastIndexOf('/') + 1)..];

    /// <summary>The directory that holds it; the root holds itself.</summary>
    public WorkspacePath Parent => Text.LastIndexOf('/') is var at and > 0 ? new WorkspacePath(Text[..at]) : Root;

    /// <summary>The names from the root down.</summary>
    public IReadOnlyList<string> Names => IsRoot ? [] : Text[1..].Split('/');

    private string Text => _text ?? "/";

    /// <summary>Reads a path as a user writes it; one slash at its end is passed over.</summary>
    /// <param name="text">The path.</param>
    /// <param name="path">The path, or the root when the text is none.</param>
    /// <returns>What is wrong with the text, or null.</returns>
    public static WorkspacePathFault? TryParse(string text, out WorkspacePath path)
    {
        path = Root;
        if (!text.StartsWith('/')) return WorkspacePathFault.NotAbsolute;
        if (text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes) return WorkspacePathFault.TooLong;
        if (text.Contains('\0')) return WorkspacePathFault.Nul;
        if (!UnicodeCheck.IsText(text)) return WorkspacePathFault.NotUnicode;
        var trimmed = text.Length > 1 && text.EndsWith('/') ? text[..^1] : text;
        if (text.Length == 1) return null;
        var depth = 0;
        foreach (var range in trimmed.AsSpan(1).Split('/'))
        {
            var name = trimmed.AsSpan(1)[range];
            if (name.IsEmpty) return WorkspacePathFault.EmptyName;
            if (name is "." or "..") return WorkspacePathFault.Relative;
            if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes) return WorkspacePathFault.NameTooLong;
            if (++depth > MaxDepth) return WorkspacePathFault.TooDeep;
        }

        path = new WorkspacePath(trimmed);
        return null;
    }

    /// <exception cref="FormatException">The text is no path.</exception>
    public static WorkspacePath Parse(string text) => TryParse(text, out var path) is { } fault
        ? throw new FormatException($"'{text}' is no path in a workspace: {fault}.")
        : path;

    public override string ToString() => Text;
}

/// <summary>Why a text is no path in a workspace.</summary>
public enum WorkspacePathFault
{
    /// <summary>It does not begin with a slash.</summary>
    NotAbsolute,

    /// <summary>More than <see cref="WorkspacePath.MaxBytes"/>.</summary>
    TooLong,

    /// <summary>A name of more than <see cref="WorkspacePath.MaxNameBytes"/>.</summary>
    NameTooLong,

    /// <summary>More than <see cref="WorkspacePath.MaxDepth"/> names.</summary>
    TooDeep,

    /// <summary>It holds U+0000.</summary>
    Nul,

    /// <summary>It holds half of a surrogate pair.</summary>
    NotUnicode,

    /// <summary>Two slashes follow one another.</summary>
    EmptyName,

    /// <summary>A name is <c>.</c> or <c>..</c>.</summary>
    Relative,
}
