using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Workspaces;

/// <summary>A file or a directory.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileEntry")]
public sealed record FileEntry
{
    [Id(0)] public required string Path { get; init; }

    [Id(1)] public required bool IsDirectory { get; init; }

    /// <summary>Bytes; 0 for a directory.</summary>
    [Id(2)] public required long Size { get; init; }

    [Id(3)] public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Another one as soon as the file is another one; empty for a directory.</summary>
    [Id(4)] public required string ETag { get; init; }
}

/// <summary>Either the bytes or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileRead")]
public sealed record FileRead
{
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public FileEntry? File { get; init; }

    [Id(2)] public byte[] Content { get; init; } = [];
}

/// <summary>Either the entry or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileFound")]
public sealed record FileFound([property: Id(0)] Problem? Problem, [property: Id(1)] FileEntry? Entry);

/// <summary>Entries by name, in the order of their UTF-16 units, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileList")]
public sealed record FileList
{
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public string Path { get; init; } = "";

    [Id(2)] public IReadOnlyList<FileEntry> Entries { get; init; } = [];

    [Id(3)] public string? NextCursor { get; init; }
}

/// <summary>Files that fit, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileSearch")]
public sealed record FileSearch
{
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public IReadOnlyList<FileHit> Files { get; init; } = [];

    /// <summary>Leads on from where the search stopped; null when it came to the end.</summary>
    [Id(2)] public string? NextCursor { get; init; }

    /// <summary>True when it stopped at a limit of time, entries or bytes before the page was full.</summary>
    [Id(3)] public bool Truncated { get; init; }
}

/// <summary>A file that fits a search.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileHit")]
public sealed record FileHit([property: Id(0)] FileEntry File, [property: Id(1)] IReadOnlyList<TextMatch> Matches);

/// <summary>A line that holds the text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Text">The line, cut to 200 characters around the text.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.TextMatch")]
public sealed record TextMatch([property: Id(0)] int Line, [property: Id(1)] string Text);

/// <summary>Either the file as it is now or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileWritten")]
public sealed record FileWritten
{
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public FileEntry? File { get; init; }

    /// <summary>False when there was a file before.</summary>
    [Id(2)] public bool Created { get; init; }
}

/// <summary>Null is success.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.FileChanged")]
public sealed record FileChanged([property: Id(0)] Problem? Problem);
