namespace OpenClaw.Grains.Abstractions.Workspaces;

/// <summary>Which bytes of a file are wanted.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ReadFile")]
public sealed record ReadFile
{
    /// <summary>What one answer holds at most, in bytes: 10 MiB.</summary>
    public const int MaxLength = 10 * 1024 * 1024;

    [Id(0)] public required string Path { get; init; }

    /// <summary>Bytes to leave out at the beginning; 0 or more.</summary>
    [Id(1)] public long Offset { get; init; }

    /// <summary>Bytes wanted, 0 to <see cref="MaxLength"/>; null is the rest, refused when that is more.</summary>
    [Id(2)] public int? Length { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.ListFiles")]
public sealed record ListFiles
{
    [Id(0)] public required string Path { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(1)] public required int Limit { get; init; }

    /// <summary>The cursor of the page before, or null.</summary>
    [Id(2)] public string? Cursor { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.SearchFiles")]
public sealed record SearchFiles
{
    /// <summary>Of a pattern, in UTF-16 units.</summary>
    public const int MaxPatternLength = 1024;

    /// <summary>Of a text, in UTF-16 units.</summary>
    public const int MaxTextLength = 1024;

    /// <summary>Where to begin.</summary>
    [Id(0)] public required string Path { get; init; }

    /// <summary>
    /// A glob: <c>*</c> and <c>?</c> stay within a name, <c>**</c> stands for any number of directories. Without a slash it
    /// matches names at any depth.
    /// </summary>
    [Id(1)] public required string Pattern { get; init; }

    /// <summary>Literal text that a file must hold, upper and lower case told apart; null asks for names alone.</summary>
    [Id(2)] public string? Text { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(3)] public required int Limit { get; init; }

    /// <summary>The cursor of the page before, or null.</summary>
    [Id(4)] public string? Cursor { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.WriteFile")]
public sealed record WriteFile
{
    [Id(0)] public required string Path { get; init; }

    /// <summary>At most 10 MiB.</summary>
    [Id(1)] public required byte[] Content { get; init; }

    /// <summary>The ETag that the file must have; null writes whatever is there.</summary>
    [Id(2)] public string? IfMatch { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.DeleteFile")]
public sealed record DeleteFile
{
    [Id(0)] public required string Path { get; init; }

    /// <summary>Whether a directory may hold something.</summary>
    [Id(1)] public bool Recursive { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.MoveFile")]
public sealed record MoveFile
{
    [Id(0)] public required string From { get; init; }

    [Id(1)] public required string To { get; init; }
}
