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

    /// <summary>Or fewer, when their values have so many bytes.</summary>
    private const int ImportPieceBytes = 256 * 1024;

    /// <summary>How often a change is decided anew because another activation was ahead of it.</summary>
    private const int MaxTries = 3;

    private static readonly TimeSpan EmbeddingPause = TimeSpan.FromSeconds(15);

    private MemoryNamespaceState? _namespace;
    private IGrainTimer? _embedding;
    private bool _isAskedToEmbed;

    private MemoryNamespaceKey Key => MemoryNamespaceKey.Parse(this.GetPrimaryKeyString());

    public Task<MemoryChanged> Store(StoreMemory request, CancellationToken cancellationToken) => ChangeAsync(
        request.Key, request.ChangeId, (there, changeId, now) => MemoryRules.Store(there, request, changeId, now), opens: true, cancellationToken);

    public Task<MemoryChanged> Delete(ChangeMemory request, CancellationToken cancellationToken) => ChangeAsync(
        request.Key, request.ChangeId, (there, changeId, now) => MemoryRules.Delete(there, request, changeId, now), opens: false, cancellationToken);

    public Task<MemoryChanged> Undo(ChangeMemory request, CancellationToken cancellationToken) => ChangeAsync(
        request.Key, request.ChangeId, (there, changeId, now) => MemoryRules.Undo(there, request, changeId, now), opens: false, cancellationToken);

    public async Task<MemoryImported> Import(ImportMemory request, CancellationToken cancellationToken)
    {
        for (var index = 0; index < request.Entries.Count; index++)
        {
            if (MemoryReasons.Check(request.Entries[index].Key) is { } problem)
                return new MemoryImported(problem with { Field = string.Create(CultureInfo.InvariantCulture, $"lines[{index}].{problem.Field}") }, 0);
        }

        if (request.Entries.Count == 0) return new MemoryImported(null, 0);
        if (await OpenAsync(cancellationToken) is { } refused) return new MemoryImported(refused, 0);
        var stored = 0;
        // Of entries with one key the last counts.
        var entries = request.Entries.GroupBy(entry => entry.Key, StringComparer.Ordinal).Select(same => same.Last());
        foreach (var piece in PiecesOf(entries))
        {
            if (await ImportAsync(piece, cancellationToken) is { } failed) return new MemoryImported(failed, stored);
            stored += piece.Count;
        }

        await Embed(cancellationToken);
        return new MemoryImported(null, request.Entries.Count);
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
        if (request.Limit is < 1 or > MaxPage) return new MemoryList { Problem = Problem.Invalid("limit", Reasons.Range(MaxPage)) };
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
        var problem = request.Limit is < 1 or > MaxResults ? Problem.Invalid("limit", Reasons.Range(MaxResults))
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
            _isAskedToEmbed = true;
            _embedding ??= this.RegisterGrainTimer(
                EmbedAllAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    private async Task<MemorySearchResult> SearchAsync(MemoryNamespaceKey key, SearchMemory request, CancellationToken cancellationToken)
    {
        if (await store.FindNamespaceAsync(key, cancellationToken) is not { } state) return new MemorySearchResult();
        var found = await finder.FindAsync(key, state, request, cancellationToken);
        var hits = new List<MemoryHit>(found.Entries.Count);
        var bytes = 0L;
        foreach (var (_, entry, score) in found.Entries)
        {
            bytes += (entry.Value?.Length ?? 0) + (entry.Metadata?.Length ?? 0);
            if (bytes > MaxAnswerBytes) break;
            hits.Add(new MemoryHit(Describe(entry), Math.Round(score, 4)));
        }

        return new MemorySearchResult { Hits = hits, IsHybrid = found.IsHybrid, Reason = found.Reason, Truncated = bytes > MaxAnswerBytes };
    }

    private async Task<MemoryChanged> ChangeAsync(
        string entryKey,
        Guid? given,
        Func<MemoryEntryState?, Guid, DateTimeOffset, MemoryOutcome> decide,
        bool opens,
        CancellationToken cancellationToken)
    {
        if (MemoryReasons.Check(entryKey) is { } problem) return new MemoryChanged { Problem = problem };
        if (await (opens ? OpenAsync(cancellationToken) : FindAsync(cancellationToken)) is { } refused) return new MemoryChanged { Problem = refused };
        var changeId = given ?? Guid.NewGuid();
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var there = await store.FindAsync(Key, entryKey, cancellationToken);
            if (there?.ChangeId == changeId) return Changed(there);
            var outcome = decide(there, changeId, time.GetUtcNow());
            if (outcome.Entry is not { } entry) return new MemoryChanged { Problem = outcome.Problem };
            var write = ToWrite(entry, there);
            if (await FindExcessAsync([write], there is null || !MemoryRules.IsPresent(there, time.GetUtcNow()) ? 1 : 0, cancellationToken) is { } excess)
                return new MemoryChanged { Problem = excess };
            if (!await store.WriteAsync(Key, _namespace!.Number, [write], cancellationToken)) continue;
            await Embed(cancellationToken);
            return Changed(entry);
        }

        return new MemoryChanged { Problem = Problem.Conflict(MemoryReasons.Changed) };
    }

    /// <summary>Writes a piece of an import, each entry once however often that is tried.</summary>
    private async Task<Problem?> ImportAsync(IReadOnlyList<StoreMemory> piece, CancellationToken cancellationToken)
    {
        var changeIds = piece.Select(_ => Guid.NewGuid()).ToArray();
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var writes = new List<MemoryWrite>();
            var added = 0;
            for (var index = 0; index < piece.Count; index++)
            {
                var there = await store.FindAsync(Key, piece[index].Key, cancellationToken);
                if (there?.ChangeId == changeIds[index]) continue;
                var outcome = MemoryRules.Store(there, piece[index], changeIds[index], time.GetUtcNow());
                if (outcome.Entry is not { } entry) return outcome.Problem;
                if (!MemoryRules.IsPresent(there, time.GetUtcNow())) added++;
                writes.Add(ToWrite(entry, there));
            }

            if (await FindExcessAsync(writes, added, cancellationToken) is { } excess) return excess;
            if (writes.Count == 0 || await store.WriteAsync(Key, _namespace!.Number, writes, cancellationToken)) return null;
        }

        return Problem.Conflict(MemoryReasons.Changed);
    }

    /// <summary>Pieces that keep the database's other writers waiting for a moment only.</summary>
    private static IEnumerable<IReadOnlyList<StoreMemory>> PiecesOf(IEnumerable<StoreMemory> entries)
    {
        var piece = new List<StoreMemory>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            piece.Add(entry);
            bytes += entry.Value.Utf8.Length + entry.Metadata.Utf8.Length;
            if (piece.Count < ImportPiece && bytes < ImportPieceBytes) continue;
            yield return piece;
            piece = [];
            bytes = 0;
        }

        if (piece.Count > 0) yield return piece;
    }

    /// <summary>What the tenant's limits have against what is to be written, or null.</summary>
    private async Task<Problem?> FindExcessAsync(IReadOnlyList<MemoryWrite> writes, int added, CancellationToken cancellationToken)
    {
        // A deletion makes room in the end.
        if (writes.All(write => write.Entry.DeletedAt is not null)) return null;
        var limits = options.Value;
        var usage = await store.MeasureAsync(Key.Tenant, cancellationToken);
        if (added > 0 && usage.Entries + added > limits.MaxEntries) return TooMuch(MemoryReasons.TooManyEntries(limits.MaxEntries));
        var bytes = writes.Sum(write => (long)(write.Entry.Value?.Length ?? 0) + (write.Entry.Metadata?.Length ?? 0));
        return usage.Bytes + bytes > limits.MaxBytes ? TooMuch(MemoryReasons.TooManyBytes(limits.MaxBytes)) : null;
    }

    /// <summary>Makes sure of the namespace.</summary>
    private async Task<Problem?> OpenAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is null) return null;
        var most = options.Value.MaxNamespaces;
        if ((await store.MeasureAsync(Key.Tenant, cancellationToken)).Namespaces >= most)
            return Problem.Invalid("namespace", MemoryReasons.TooManyNamespaces(most), status: 413);
        _namespace = await store.OpenAsync(Key, cancellationToken);
        return _namespace is null ? Problem.Conflict(MemoryReasons.NoTenant) : null;
    }

    /// <summary>Reads the namespace's row anew: a tenant that was removed and made again has another.</summary>
    private async Task<Problem?> FindAsync(CancellationToken cancellationToken)
    {
        _namespace = await store.FindNamespaceAsync(Key, cancellationToken);
        return _namespace is null ? MemoryReasons.NotFoundAt("key") : null;
    }

    private static Problem TooMuch(LocalizedText reason) => Problem.Invalid("value", reason, status: 413);

    private static MemoryChanged Changed(MemoryEntryState entry) =>
        new() { Entry = entry.DeletedAt is null ? Describe(entry) : null, Version = entry.Version };

    private async Task EmbedAllAsync(CancellationToken cancellationToken)
    {
        TimeSpan? wait = null;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, cancellationToken);
        try
        {
            do
            {
                _isAskedToEmbed = false;
                while (await embedding.EmbedSomeAsync(Key, stopping.Token)) stopping.Token.ThrowIfCancellationRequested();
            }
            while (_isAskedToEmbed);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // How far it has come is written down.
            return;
        }
        catch (Exception failure)
        {
            wait = failure is EmbeddingException { RetryAfter: var after } && after > EmbeddingPause ? after : EmbeddingPause;
            LogEmbeddingFailed(failure, Key.ToString(), wait.Value);
        }

        if (wait is { } due)
        {
            _embedding?.Change(due, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _embedding?.Dispose();
            _embedding = null;
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
