using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Memory.Embeddings;
using OpenClaw.Grains.Memory.Search;
using OpenClaw.Grains.Paging;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory;

/// <inheritdoc cref="IMemoryNamespaceGrain"/>
[GrainType("memory")]
internal sealed partial class MemoryNamespaceGrain(
    IMemoryStore store,
    MemoryFinder finder,
    MemoryEmbedding embedding,
    IOptions<MemoryOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<MemoryNamespaceGrain> logger) : Grain, IMemoryNamespaceGrain
{
    private const int MaxPage = 1000;
    private const int MaxResults = 100;

    /// <summary>Values of one answer, in bytes.</summary>
    private const long MaxAnswerBytes = 8 * 1024 * 1024;

    /// <summary>Entries of an import that are written in one transaction.</summary>
    private const int ImportPiece = 100;

    /// <summary>How often a change is decided anew because another activation was ahead of it.</summary>
    private const int MaxTries = 3;

    private static readonly TimeSpan EmbeddingPause = TimeSpan.FromSeconds(15);

    private MemoryNamespaceState? _namespace;
    private IGrainTimer? _embedding;

    private MemoryNamespaceKey Key => MemoryNamespaceKey.Parse(this.GetPrimaryKeyString());

    public Task<MemoryChanged> Store(StoreMemory request, CancellationToken cancellationToken) => ChangeAsync(
        request.Key, (there, changeId, now) => MemoryRules.Store(there, request, changeId, now), request.Value.Utf8.Length + request.Metadata.Utf8.Length, cancellationToken);

    public Task<MemoryChanged> Delete(ChangeMemory request, CancellationToken cancellationToken) => ChangeAsync(
        request.Key, (there, changeId, now) => MemoryRules.Delete(there, request, changeId, now), 0, cancellationToken);

    public Task<MemoryChanged> Undo(ChangeMemory request, CancellationToken cancellationToken) => ChangeAsync(
        request.Key, (there, changeId, now) => MemoryRules.Undo(there, request, changeId, now), 0, cancellationToken);

    public async Task<MemoryImported> Import(ImportMemory request, CancellationToken cancellationToken)
    {
        for (var index = 0; index < request.Entries.Count; index++)
        {
            if (MemoryReasons.Check(request.Entries[index].Key) is { } problem)
                return new MemoryImported(problem with { Field = string.Create(CultureInfo.InvariantCulture, $"lines[{index}].{problem.Field}") }, 0);
        }

        if (request.Entries.Count == 0) return new MemoryImported(null, 0);
        var bytes = request.Entries.Sum(entry => (long)entry.Value.Utf8.Length + entry.Metadata.Utf8.Length);
        if (await OpenAsync(request.Entries.Count, bytes, cancellationToken) is { } refused) return new MemoryImported(refused, 0);
        var stored = 0;
        foreach (var piece in request.Entries.Chunk(ImportPiece))
        {
            if (await ImportAsync(piece, cancellationToken) is { } failed) return new MemoryImported(failed, stored);
            stored += piece.Length;
        }

        await Embed(cancellationToken);
        return new MemoryImported(null, stored);
    }

    public async Task<MemoryRead> Get(string key, CancellationToken cancellationToken)
    {
        if (MemoryReasons.Check(key) is { } problem) return new MemoryRead(problem, null);
        var entry = await store.FindAsync(Key, key, cancellationToken);
        return MemoryRules.IsPresent(entry, time.GetUtcNow()) ? new MemoryRead(null, Describe(entry!)) : new MemoryRead(MemoryReasons.NotFoundAt("key"), null);
    }

    public async Task<MemoryList> List(ListMemory request, CancellationToken cancellationToken)
    {
        string? after = null;
        if (request.Limit is < 1 or > MaxPage) return new MemoryList { Problem = Problem.Invalid("limit", MemoryReasons.Range(MaxPage)) };
        if (request.Cursor is { } cursor && (after = TextCursor.Read(TextListKind.Memory, cursor)) is null)
            return new MemoryList { Problem = Problem.Invalid("cursor", Reasons.InvalidCursor) };
        var page = await store.ListAsync(Key, after ?? "", request.Category, request.Limit, MaxAnswerBytes, cancellationToken);
        return new MemoryList
        {
            Entries = page.Entries.Select(Describe).ToArray(),
            NextCursor = page.HasMore ? TextCursor.Write(TextListKind.Memory, page.Entries[^1].Key) : null,
        };
    }

    public async Task<MemorySearchResult> Search(SearchMemory request, CancellationToken cancellationToken)
    {
        var problem = request.Limit is < 1 or > MaxResults ? Problem.Invalid("limit", MemoryReasons.Range(MaxResults))
            : request.Query.Length > SearchMemory.MaxQueryLength ? Problem.Invalid("q", Reasons.TooLong(SearchMemory.MaxQueryLength, "characters"))
            : null;
        if (problem is not null) return new MemorySearchResult { Problem = problem };
        var key = Key;
        // Off the activation's scheduler: an embedded database is read by whoever asks, and other calls are not to wait for that.
        return await Task.Run(() => SearchAsync(key, request, cancellationToken), cancellationToken);
    }

    public Task Embed(CancellationToken cancellationToken)
    {
        if (embedding.IsOn)
        {
            _embedding ??= this.RegisterGrainTimer(
                EmbedAllAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    private async Task<MemorySearchResult> SearchAsync(MemoryNamespaceKey key, SearchMemory request, CancellationToken cancellationToken)
    {
        if (await store.FindNamespaceAsync(key, cancellationToken) is not { } state) return new MemorySearchResult();
        var found = await finder.FindAsync(key, state, request, cancellationToken);
        var rows = (await store.ReadAsync(key, [.. found.Entries.Select(entry => entry.Id)], cancellationToken)).ToDictionary(row => row.Id, row => row.Entry);
        var hits = new List<MemoryHit>(found.Entries.Count);
        var bytes = 0L;
        foreach (var entry in found.Entries)
        {
            // One that has changed since has another id, and is another entry.
            if (!rows.TryGetValue(entry.Id, out var row)) continue;
            bytes += (row.Value?.Length ?? 0) + (row.Metadata?.Length ?? 0);
            if (bytes > MaxAnswerBytes) break;
            hits.Add(new MemoryHit(Describe(row), Math.Round(entry.Score, 4)));
        }

        return new MemorySearchResult { Hits = hits, IsHybrid = found.IsHybrid, Reason = found.Reason, Truncated = bytes > MaxAnswerBytes };
    }

    private async Task<MemoryChanged> ChangeAsync(
        string entryKey, Func<MemoryEntryState?, Guid, DateTimeOffset, MemoryOutcome> decide, long bytes, CancellationToken cancellationToken)
    {
        if (MemoryReasons.Check(entryKey) is { } problem) return new MemoryChanged { Problem = problem };
        if (await OpenAsync(bytes > 0 ? 1 : 0, bytes, cancellationToken) is { } refused) return new MemoryChanged { Problem = refused };
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var there = await store.FindAsync(Key, entryKey, cancellationToken);
            var outcome = decide(there, Guid.NewGuid(), time.GetUtcNow());
            if (outcome.Entry is not { } entry) return new MemoryChanged { Problem = outcome.Problem };
            if (!await store.WriteAsync(Key, _namespace!.Number, [ToWrite(entry, there)], cancellationToken)) continue;
            await Embed(cancellationToken);
            return new MemoryChanged { Entry = entry.DeletedAt is null ? Describe(entry) : null, Version = entry.Version };
        }

        return new MemoryChanged { Problem = Problem.Conflict(MemoryReasons.Changed) };
    }

    /// <summary>Writes a piece of an import. Of entries with one key the last counts.</summary>
    private async Task<Problem?> ImportAsync(StoreMemory[] piece, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var writes = new List<MemoryWrite>();
            foreach (var request in piece.GroupBy(entry => entry.Key, StringComparer.Ordinal).Select(same => same.Last()))
            {
                var there = await store.FindAsync(Key, request.Key, cancellationToken);
                var outcome = MemoryRules.Store(there, request, Guid.NewGuid(), time.GetUtcNow());
                if (outcome.Entry is not { } entry) return outcome.Problem;
                writes.Add(ToWrite(entry, there));
            }

            if (await store.WriteAsync(Key, _namespace!.Number, writes, cancellationToken)) return null;
        }

        return Problem.Conflict(MemoryReasons.Changed);
    }

    /// <summary>Makes sure of the namespace, and that what is to come has room.</summary>
    private async Task<Problem?> OpenAsync(int entries, long bytes, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        if (entries > 0)
        {
            var usage = await store.MeasureAsync(Key.Tenant, cancellationToken);
            if (usage.Entries + entries > limits.MaxEntries) return TooMuch(MemoryReasons.TooManyEntries(limits.MaxEntries));
            if (usage.Bytes + bytes > limits.MaxBytes) return TooMuch(MemoryReasons.TooManyBytes(limits.MaxBytes));
            if (usage.Namespaces >= limits.MaxNamespaces && await store.FindNamespaceAsync(Key, cancellationToken) is null)
                return Problem.Invalid("namespace", MemoryReasons.TooManyNamespaces(limits.MaxNamespaces), status: 413);
            // A tenant that was removed and made anew has other numbers.
            _namespace = await store.OpenAsync(Key, cancellationToken);
            return _namespace is null ? Problem.Conflict(MemoryReasons.NoTenant) : null;
        }

        _namespace = await store.FindNamespaceAsync(Key, cancellationToken);
        return _namespace is null ? MemoryReasons.NotFoundAt("key") : null;
    }

    private static Problem TooMuch(LocalizedText reason) => Problem.Invalid("value", reason, status: 413);

    private async Task EmbedAllAsync(CancellationToken cancellationToken)
    {
        TimeSpan? wait = null;
        try
        {
            var stopping = lifetime.ApplicationStopping;
            while (await embedding.EmbedSomeAsync(Key, stopping)) stopping.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // How far it has come is written down.
            return;
        }
        catch (Exception failure)
        {
            wait = failure is EmbeddingException { RetryAfter: var after } && after > EmbeddingPause ? after : EmbeddingPause;
            LogEmbeddingFailed(failure, Key.ToString(), wait.Value);
        }
        finally
        {
            if (wait is { } due)
            {
                _embedding!.Change(due, Timeout.InfiniteTimeSpan);
            }
            else
            {
                _embedding!.Dispose();
                _embedding = null;
            }
        }
    }

    private static MemoryWrite ToWrite(MemoryEntryState entry, MemoryEntryState? there) => new(
        entry,
        entry.DeletedAt is null ? EntryTerms.Of(entry.Key, entry.Metadata, entry.Value, entry.Category) : MemoryTerms.None,
        there?.ChangeId);

    private static MemoryEntry Describe(MemoryEntryState entry) => new()
    {
        Key = entry.Key,
        Value = new JsonPayload(entry.Value),
        Metadata = new JsonPayload(entry.Metadata),
        Version = entry.Version,
        CreatedAt = entry.CreatedAt,
        UpdatedAt = entry.UpdatedAt,
        ExpiresAt = entry.ExpiresAt,
        Source = new MemorySource { KeyId = entry.KeyId, RequestId = entry.RequestId, SessionId = entry.SessionId, TurnId = entry.TurnId },
    };

    [LoggerMessage(7002, LogLevel.Warning, "Memories of {Namespace} could not be embedded; they are found by their text alone until the next try in {Wait}")]
    private partial void LogEmbeddingFailed(Exception exception, string @namespace, TimeSpan wait);
}
