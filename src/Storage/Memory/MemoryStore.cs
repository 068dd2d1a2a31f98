using System.Globalization;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Memory;

/// <inheritdoc cref="IMemoryStore"/>
internal sealed class MemoryStore(ISqlDatabase database, TimeProvider time) : IMemoryStore, IMemoryVectors
{
    private const int RemovePiece = 500;
    private const int ScanPiece = 10_000;
    private const int ListPiece = 32;

    public async Task<MemoryNamespaceState?> OpenAsync(MemoryNamespaceKey key, CancellationToken cancellationToken)
    {
        if (await FindNamespaceAsync(key, cancellationToken) is { } known)
            return known;
        await database.WriteAsync(Statements.AddMemoryNamespace, Lane(key), Of(key), cancellationToken);
        return await FindNamespaceAsync(key, cancellationToken);
    }

    public ValueTask<MemoryNamespaceState?> FindNamespaceAsync(MemoryNamespaceKey key, CancellationToken cancellationToken) => database.FindAsync(
        Statements.FindMemoryNamespace,
        Of(key),
        static row => new MemoryNamespaceState(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetText(3), row.GetInt64(4)),
        cancellationToken);

    public async ValueTask<MemoryUsage> MeasureAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var rows = await database.ListAsync(
            Statements.SumMemory,
            [SqlValue.Of(tenant.Value)],
            static row => new MemoryUsage(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken);
        return rows[0];
    }

    public ValueTask<MemoryEntryState?> FindAsync(MemoryNamespaceKey key, string entryKey, CancellationToken cancellationToken) =>
        database.FindAsync(Statements.FindMemory, Of(key, SqlValue.Of(entryKey)), MemoryRows.ReadWhole, cancellationToken);

    public async Task<bool> WriteAsync(
        MemoryNamespaceKey key, long number, IReadOnlyList<MemoryWrite> writes, CancellationToken cancellationToken)
    {
        var rows = new SqlValue[writes.Count][];
        for (var index = 0; index < rows.Length; index++)
            rows[index] = MemoryRows.ToParameters(key.Tenant.Value, key.Namespace, number, writes[index], TermText.Write(number, writes[index].Terms));
        return await database.WriteAsync(Statements.WriteMemory, Lane(key), rows, cancellationToken) == rows.Length;
    }

    public async ValueTask<MemoryPage> ListAsync(
        MemoryNamespaceKey key, string after, string? category, int limit, long maxBytes, CancellationToken cancellationToken)
    {
        // In pieces: what a reader does not take of an answer crosses the wire all the same.
        var page = new PageOfEntries(limit, maxBytes);
        int read;
        do
        {
            var before = page.Entries.Count;
            SqlValue[] parameters = Of(key, SqlValue.Of(after), SqlValue.Of(time.GetUtcNow()), SqlValue.Of(ListPiece));
            await database.ReadAsync(
                category is null ? Statements.ListMemories : Statements.ListMemoriesOf,
                category is null ? parameters : [.. parameters, SqlValue.Of(category)],
                page,
                static (row, page) => page.Take(row),
                cancellationToken);
            read = page.Entries.Count - before;
            if (read > 0) after = page.Entries[^1].Key;
        }
        while (read == ListPiece && !page.HasMore);
        return new MemoryPage(page.Entries, page.HasMore);
    }

    public ValueTask<IReadOnlyList<long>> MatchAsync(
        long number, IReadOnlyList<string> terms, bool isPrefix, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.MatchMemories,
        [SqlValue.Of(database.MatchAll([.. terms.Select(term => TermText.Of(number, term))], isPrefix)), SqlValue.Of(limit)],
        static row => row.GetInt64(0),
        cancellationToken);

    public ValueTask<IReadOnlyList<MemoryTermRow>> ReadTermsAsync(
        MemoryNamespaceKey key, IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ReadMemoryTerms,
        Of(key, JsonOf(ids), SqlValue.Of(time.GetUtcNow())),
        static row => new MemoryTermRow(
            row.GetInt64(0), row.GetText(1), TermText.Read(row.GetText(2)), row.GetTextOrNull(3), row.GetTime(4)),
        cancellationToken);

    public ValueTask<IReadOnlyList<MemoryRow>> ReadAsync(
        MemoryNamespaceKey key, IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        database.ListAsync(Statements.ReadMemories, Of(key, JsonOf(ids)), MemoryRows.Read, cancellationToken);

    public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.PurgeMemories, "", [SqlValue.Of(time.GetUtcNow()), SqlValue.Of(before), SqlValue.Of(limit)], cancellationToken);

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            Statements.RemoveTenantMemories, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(RemovePiece)], cancellationToken) > 0
        || await database.WriteAsync(Statements.RemoveTenantMemoryNamespaces, tenant.Value, [SqlValue.Of(tenant.Value)], cancellationToken) > 0;

    public ValueTask<IReadOnlyList<MemoryNamespaceKey>> ListToEmbedAsync(string model, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(
            Statements.ListMemoryNamespacesToEmbed,
            [SqlValue.Of(model), SqlValue.Of(limit)],
            static row => new MemoryNamespaceKey(TenantId.Parse(row.GetText(0)), row.GetText(1)),
            cancellationToken);

    public ValueTask<IReadOnlyList<MemoryRow>> ListChangesAsync(
        MemoryNamespaceKey key, long after, long through, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListMemoryChanges,
        Of(key, SqlValue.Of(after), SqlValue.Of(through), SqlValue.Of(limit)),
        MemoryRows.Read,
        cancellationToken);

    public async Task AddAsync(MemoryNamespaceKey key, IReadOnlyList<MemoryVector> vectors, CancellationToken cancellationToken)
    {
        // The vector first: a signature without one would be found and not be scored.
        await database.WriteAsync(
            Statements.AddMemoryVector,
            Lane(key),
            [.. vectors.Select(vector => new[] { SqlValue.Of(vector.Id), SqlValue.Of(vector.Vector) })],
            cancellationToken);
        await database.WriteAsync(
            Statements.AddMemorySignature,
            Lane(key),
            [.. vectors.Select(vector => Of(key, SqlValue.Of(vector.Id), SqlValue.Of(vector.Signature)))],
            cancellationToken);
    }

    public async Task<bool> MarkAsync(MemoryNamespaceKey key, string expected, string model, long through, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            Statements.MarkMemoryEmbedded, Lane(key), Of(key, SqlValue.Of(model), SqlValue.Of(through), SqlValue.Of(expected)), cancellationToken) > 0;

    public async Task<bool> RemoveSomeAsync(MemoryNamespaceKey key, CancellationToken cancellationToken)
    {
        SqlValue[] piece = Of(key, SqlValue.Of(RemovePiece));
        await database.WriteAsync(Statements.RemoveMemoryVectors, Lane(key), piece, cancellationToken);
        return await database.WriteAsync(Statements.RemoveMemorySignatures, Lane(key), piece, cancellationToken) > 0;
    }

    public async ValueTask ScanAsync<TState>(
        MemoryNamespaceKey key, string? category, TState state, Action<long, ReadOnlyMemory<byte>, TState> take, CancellationToken cancellationToken)
    {
        var scan = new SignatureScan<TState>(state, take);
        do
        {
            scan.Count = 0;
            SqlValue[] piece = Of(key, SqlValue.Of(scan.After), SqlValue.Of(ScanPiece));
            await database.ReadAsync(
                category is null ? Statements.ListMemorySignatures : Statements.ListMemorySignaturesOf,
                category is null ? piece : [.. piece, SqlValue.Of(category)],
                scan,
                static (row, scan) =>
                {
                    scan.After = row.GetInt64(0);
                    scan.Count++;
                    scan.Take(scan.After, row.GetBytes(1), scan.State);
                    return true;
                },
                cancellationToken);
        }
        while (scan.Count == ScanPiece);
    }

    public ValueTask<IReadOnlyList<(long Id, byte[] Vector)>> ReadAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        database.ListAsync(Statements.ReadMemoryVectors, [JsonOf(ids)], static row => (row.GetInt64(0), row.GetBytes(1)), cancellationToken);

    private static string Lane(MemoryNamespaceKey key) => key.Tenant.Value;

    private static SqlValue[] Of(MemoryNamespaceKey key, params ReadOnlySpan<SqlValue> more) =>
        [SqlValue.Of(key.Tenant.Value), SqlValue.Of(key.Namespace), .. more];

    private static SqlValue JsonOf(IReadOnlyCollection<long> ids) =>
        SqlValue.Of($"[{string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}]");

    private sealed class PageOfEntries(int limit, long maxBytes)
    {
        private long _bytes;

        public List<MemoryEntryState> Entries { get; } = [];

        public bool HasMore { get; private set; }

        public bool Take(ISqlRow row)
        {
            if (Entries.Count == limit || _bytes >= maxBytes)
            {
                HasMore = true;
                return false;
            }

            var entry = MemoryRows.Read(row).Entry;
            _bytes += (entry.Value?.Length ?? 0) + (entry.Metadata?.Length ?? 0);
            Entries.Add(entry);
            return true;
        }
    }

    private sealed class SignatureScan<TState>(TState state, Action<long, ReadOnlyMemory<byte>, TState> take)
    {
        public TState State => state;

        public Action<long, ReadOnlyMemory<byte>, TState> Take => take;

        public long After { get; set; }

        public int Count { get; set; }
    }
}
