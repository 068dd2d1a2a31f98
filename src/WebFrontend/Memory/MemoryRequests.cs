using System.Globalization;
using Microsoft.Net.Http.Headers;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Memory;

/// <summary>The bodies and queries of memory requests, with their limits.</summary>
internal static class MemoryRequests
{
    /// <summary>A hundred years, in seconds.</summary>
    private const long MaxTtlSeconds = 100L * 365 * 24 * 60 * 60;

    private const int MaxCategoryChars = 256;

    /// <summary>JSON Lines, under the names that are in use for them.</summary>
    private static readonly string[] LineTypes = ["application/x-ndjson", "application/jsonl", "application/x-jsonlines"];

    public static StoreMemory ReadStore(JsonFields fields, MemorySource source)
    {
        var key = fields.Text("key", maxChars: MemoryEntry.MaxKeyLength, required: true) ?? "";
        var value = fields.Json("value", MemoryEntry.MaxValueBytes);
        if (value is null)
            fields.Refuse("value", RequestReasons.Missing);
        var metadata = fields.Object("metadata", MemoryEntry.MaxMetadataBytes);
        if (metadata is not null && fields.Inner("metadata") is { } inner)
        {
            // What lists filter by has to be a text of bearable length; all else is the caller's own.
            inner.Text("category", maxChars: MaxCategoryChars);
            fields.Adopt(inner);
        }

        return new StoreMemory
        {
            Key = key,
            Value = value ?? default,
            Metadata = metadata ?? default,
            IfVersion = fields.Integer("ifVersion", 0, long.MaxValue),
            TtlSeconds = fields.Integer("ttlSeconds", 1, MaxTtlSeconds),
            Source = source,
        };
    }

    public static ChangeMemory ReadUndo(JsonFields fields, MemorySource source) => new()
    {
        Key = fields.Text("key", maxChars: MemoryEntry.MaxKeyLength, required: true) ?? "",
        IfVersion = fields.Integer("ifVersion", 1, long.MaxValue),
        Source = source,
    };

    public static string ReadNamespace(JsonFields fields)
    {
        var name = fields.Text("namespace") ?? MemoryNamespaceKey.DefaultNamespace;
        if (!KeyNames.IsName(name))
            fields.Refuse("namespace", RequestReasons.Name);
        return name;
    }

    public static string ReadNamespace(QueryParameters query)
    {
        var name = query.Text("namespace") ?? MemoryNamespaceKey.DefaultNamespace;
        if (!KeyNames.IsName(name))
            query.Refuse("namespace", RequestReasons.Name);
        return name;
    }

    public static string? ReadCategory(QueryParameters query)
    {
        var category = query.Text("category");
        if (category?.Length > MaxCategoryChars)
            query.Refuse("category", RequestReasons.TooManyCharacters(MaxCategoryChars));
        return category;
    }

    public static double ReadMinScore(QueryParameters query)
    {
        if (query.Text("minScore") is not { } text)
            return 0;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var score) && score is >= 0 and <= 1)
            return score;
        query.Refuse("minScore", RequestReasons.NumberRange(0, 1));
        return 0;
    }

    /// <summary>Entries, one a line, as an export has them. Those that have expired are left out and counted.</summary>
    public static (ImportMemory? Import, int Skipped, Problem? Problem) ReadImport(
        HttpRequest request, RequestBody body, MemorySource source, DateTimeOffset now)
    {
        if (body.Problem is not null)
            return (null, 0, body.Problem);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !LineTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
            return (null, 0, Problem.Invalid(RequestProblems.Body, RequestReasons.JsonLines, StatusCodes.Status415UnsupportedMediaType));
        var entries = new List<StoreMemory>();
        var (skipped, number) = (0, -1);
        foreach (var line in LinesOf(JsonBody.WithoutByteOrderMark(body.Utf8)))
        {
            number++;
            if (line.Span.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0)
                continue;
            if (entries.Count == ImportMemory.MaxEntries)
                return (null, 0, Problem.Invalid(RequestProblems.Body, RequestReasons.TooMany(ImportMemory.MaxEntries), StatusCodes.Status413PayloadTooLarge));
            var (entry, problem) = JsonBody.ReadDocument(line, fields => ReadLine(fields, source));
            if (entry is null)
                return (null, 0, At(number, problem!));
            if (entry.ExpiresAt <= now)
                skipped++;
            else
                entries.Add(entry);
        }

        return (new ImportMemory { Entries = entries }, skipped, null);
    }

    private static StoreMemory ReadLine(JsonFields fields, MemorySource source) =>
        ReadStore(fields, source) with { IfVersion = null, ExpiresAt = fields.Time("expiresAt") };

    private static Problem At(int line, Problem problem) => problem with
    {
        Field = string.Create(CultureInfo.InvariantCulture, $"lines[{line}]{(problem.Field is null or RequestProblems.Body ? "" : $".{problem.Field}")}"),
    };

    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            var end = utf8.Span.IndexOf((byte)'\n');
            yield return end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? default : utf8[(end + 1)..];
        }
    }
}
