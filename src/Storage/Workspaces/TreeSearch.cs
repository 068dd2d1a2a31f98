using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces.Native;

namespace OpenClaw.Storage.Workspaces;

/// <summary>
/// Searches a tree in the order of its paths, so that it can stop anywhere and go on from there: at the number of files asked
/// for, after 2 s, 200,000 entries or 64 MiB of text. Files that are binary, longer than 10 MiB or have several names hold no
/// text.
/// </summary>
internal sealed class TreeSearch(TreeQuery query, string prefix, TimeProvider time)
{
    private const int MaxEntries = 200_000;
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int MaxFileBytes = 10 * 1024 * 1024;
    private const int MaxMatches = 20;
    private const int MaxLineCharacters = 200;

    /// <summary>A NUL among the first bytes tells a binary file, as git and grep have it.</summary>
    private const int ProbedBytes = 8000;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    private readonly byte[]? _text = query.Text is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : null;
    private readonly string[] _after = query.After?.Split('/') ?? [];
    private readonly List<FileHit> _hits = [];
    private readonly long _startedAt = time.GetTimestamp();
    private int _entries;
    private long _bytes;
    private string? _reached = query.After;
    private bool _truncated;

    public TreeSearchPage Run(SafeFileHandle directory)
    {
        var ended = Walk(directory, "", query.Pattern.Start, depth: 0, resuming: _after.Length > 0);
        return new TreeSearchPage(_hits, ended ? null : _reached, _truncated);
    }

    /// <returns>False when the search stopped.</returns>
    private bool Walk(SafeFileHandle directory, string above, ulong places, int depth, bool resuming)
    {
        if (depth == WorkspacePath.MaxDepth) return true;
        foreach (var (name, type) in NamesIn(directory))
        {
            var order = resuming ? string.CompareOrdinal(name, _after[depth]) : 1;
            if (order < 0) continue;
            var inside = order == 0 && depth + 1 < _after.Length;
            if (order == 0 && !inside) continue;
            if (!inside && !MayGoOn()) return false;

            var next = query.Pattern.Step(places, name);
            var path = above + name;
            if (next != 0 && KindOf(directory, name, type) is var kind && !(kind is EntryType.Directory
                    ? Enter(directory, name, path, next, depth, inside)
                    : kind is not EntryType.Regular || !query.Pattern.IsEnd(next) || Look(directory, name, path)))
                return false;
            _reached = path;
        }

        return true;
    }

    private bool Enter(SafeFileHandle directory, string name, string path, ulong places, int depth, bool resuming)
    {
        if (TreeAccess.OpenDirectory(directory, name) is not { IsSuccess: true } opened) return true;
        using var inner = opened.Value!;
        return Walk(inner, path + "/", places, depth + 1, resuming);
    }

    /// <returns>False when the page is full: the file belongs to the next.</returns>
    private bool Look(SafeFileHandle directory, string name, string path)
    {
        if (TreeAccess.StatusOf(directory, name) is not { IsSuccess: true } found || !found.Value.IsRegular) return true;
        List<TextMatch> matches = [];
        if (_text is not null && (matches = MatchesIn(directory, name)).Count == 0) return true;
        if (_hits.Count == query.Limit) return false;

        _hits.Add(new FileHit(WorkspaceTree.EntryOf(prefix + path, found.Value), matches));
        return true;
    }

    private bool MayGoOn()
    {
        // The clock is looked at now and then: asking it costs more than an entry does.
        if (++_entries <= MaxEntries && _bytes <= MaxBytes && (_entries % 64 != 0 || time.GetElapsedTime(_startedAt) <= MaxTime)) return true;
        _truncated = true;
        return false;
    }

    private static EntryType KindOf(SafeFileHandle directory, string name, EntryType type) => type is not EntryType.Unknown ? type
        : TreeAccess.StatusOf(directory, name) switch
        {
            { IsSuccess: false } => EntryType.Unknown,
            { Value.IsDirectory: true } => EntryType.Directory,
            { Value.IsRegular: true } => EntryType.Regular,
            _ => EntryType.Unknown,
        };

    private static List<(string Name, EntryType Type)> NamesIn(SafeFileHandle directory)
    {
        var names = new List<(string Name, EntryType Type)>();
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
        {
            if (reader.Type is EntryType.Directory or EntryType.Regular or EntryType.Unknown && Utf8.IsValid(reader.Name))
                names.Add((Encoding.UTF8.GetString(reader.Name), reader.Type));
        }

        names.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return names;
    }

    private List<TextMatch> MatchesIn(SafeFileHandle directory, string name)
    {
        if (TreeAccess.OpenFile(directory, name) is not { IsSuccess: true } opened) return [];
        using var file = opened.Value!;
        var status = TreeAccess.StatusOf(file);
        if (!status.IsRegular || status.Links > 1 || status.Size is 0 or > MaxFileBytes || status.Size < _text!.Length) return [];
        var buffer = ArrayPool<byte>.Shared.Rent((int)status.Size);
        try
        {
            var length = 0;
            while (length < status.Size && RandomAccess.Read(file, buffer.AsSpan(length, (int)status.Size - length), length) is var read and > 0)
                length += read;
            _bytes += length;
            var content = buffer.AsSpan(0, length);
            return content[..Math.Min(length, ProbedBytes)].Contains((byte)0) ? [] : MatchesIn(content);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private List<TextMatch> MatchesIn(ReadOnlySpan<byte> content)
    {
        var matches = new List<TextMatch>();
        var line = 1;
        var start = 0;
        while (matches.Count < MaxMatches && content[start..].IndexOf(_text) is var found and >= 0)
        {
            var before = content.Slice(start, found);
            line += before.Count((byte)'\n');
            var lineStart = content[..(start + found)].LastIndexOf((byte)'\n') + 1;
            var rest = content[(start + found)..].IndexOf((byte)'\n');
            var lineEnd = rest < 0 ? content.Length : start + found + rest;
            matches.Add(new TextMatch(line, Cut(content[lineStart..lineEnd], start + found - lineStart)));
            if (rest < 0) break;
            line++;
            start = lineEnd + 1;
        }

        return matches;
    }

    /// <summary>A long line around the text that was found, in whole characters.</summary>
    private static string Cut(ReadOnlySpan<byte> line, int found)
    {
        const int before = MaxLineCharacters / 4;
        // A character has up to four bytes, so that this holds the characters that are shown.
        var from = Math.Max(0, found - (before * 4));
        while (from > 0 && (line[from] & 0xc0) == 0x80) from--;
        var text = Encoding.UTF8.GetString(line[from..Math.Min(line.Length, found + (MaxLineCharacters * 4))]).TrimEnd('\r');
        var at = Encoding.UTF8.GetCharCount(line[from..found]);
        var start = Math.Max(0, at - before);
        if (start > 0 && char.IsLowSurrogate(text[start])) start--;
        var end = Math.Min(text.Length, start + MaxLineCharacters);
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
        return text[start..end];
    }
}
