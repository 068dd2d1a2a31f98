using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Workspaces;

namespace OpenClaw.WebFrontend.Workspaces;

/// <summary>A file's content. <c>Offset</c> and <c>Length</c> (bytes) are there when a range was asked for.</summary>
internal sealed record FileContentResource(
    string Path, string Content, string Encoding, long Size, DateTimeOffset ModifiedAt, [property: JsonPropertyName("etag")] string ETag, long? Offset, int? Length);

/// <summary>A file that was written.</summary>
internal sealed record WrittenFileResource(string Path, long Size, [property: JsonPropertyName("etag")] string ETag, bool Created)
{
    public static WrittenFileResource Of(FileWritten written) => new(written.File!.Path, written.File.Size, written.File.ETag, written.Created);
}

/// <summary>A file or a directory.</summary>
internal sealed record FileEntryResource(string Name, string Path, string Type, long Size, DateTimeOffset ModifiedAt)
{
    public static FileEntryResource Of(FileEntry entry) => new(
        entry.Path[(entry.Path.LastIndexOf('/') + 1)..], entry.Path, entry.IsDirectory ? "directory" : "file", entry.Size, entry.ModifiedAt);
}

/// <summary>A page of a directory.</summary>
internal sealed record FileListResource(
    string Path,
    IReadOnlyList<FileEntryResource> Entries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>A file that fits a search; <c>Matches</c> where a text was asked for.</summary>
internal sealed record FoundFileResource(string Path, long Size, DateTimeOffset ModifiedAt, IReadOnlyList<TextMatchResource>? Matches)
{
    public static FoundFileResource Of(FileHit hit) => new(
        hit.File.Path,
        hit.File.Size,
        hit.File.ModifiedAt,
        hit.Matches.Count == 0 ? null : [.. hit.Matches.Select(match => new TextMatchResource(match.Line, match.Text))]);
}

/// <summary>A line that holds the text.</summary>
internal sealed record TextMatchResource(int Line, string Text);

/// <summary>What a search found. <c>Truncated</c> tells that it stopped at a limit of its own before the page was full.</summary>
internal sealed record FileSearchResource(
    IReadOnlyList<FoundFileResource> Files,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor,
    bool Truncated);

internal sealed record DeletedFileResource(string Path, string Status);

internal sealed record MovedFileResource(string From, string To);
