using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Memory;
using OpenClaw.Grains.Memory.Search;
using OpenClaw.Grains.Memory.Tools;
using OpenClaw.Grains.Sessions.Turns;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>
/// What of a tenant's memory has to do with a turn's messages: shown to the model within a budget of tokens. Read from the
/// database, not asked of the namespace's grain, which every turn of the tenant would meet at.
/// </summary>
internal sealed partial class SessionMemories(
    MemoryFinder finder, IMemoryStore store, IOptions<MemoryOptions> options, TimeProvider time, ILogger<SessionMemories> logger)
{
    private const int MaxMemories = 8;

    private const int MaxQuestions = 3;

    /// <summary>A memory that cannot be read in time is missed; the turn does not wait for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks for what the turn's messages have to do with, once for each message.</summary>
    /// <param name="tenant">Whose memory.</param>
    /// <param name="scopes">Of the messages' sender: without <c>read</c> nothing is shown.</param>
    /// <param name="progress">The turn.</param>
    /// <param name="cancellationToken">Cancelled with the turn.</param>
    public async ValueTask LoadAsync(TenantId tenant, Scopes scopes, TurnProgress progress, CancellationToken cancellationToken)
    {
        if (options.Value.ContextTokens == 0 || !scopes.HasFlag(Scopes.Read)) return;
        var shown = new ShownMemories(options.Value.ContextTokens);
        // Of the messages of one turn the last says what is wanted now; and a turn of many does not search for each.
        foreach (var question in progress.Parts.OfType<QuestionPart>().Reverse().Take(MaxQuestions))
            question.Memories ??= await FindAsync(tenant, question.Message.Content, shown, cancellationToken) ?? "";
    }

    private async ValueTask<string?> FindAsync(TenantId tenant, string message, ShownMemories shown, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(message)) return null;
        try
        {
            var key = new MemoryNamespaceKey(tenant, MemoryNamespaceKey.DefaultNamespace);
            if (await store.FindNamespaceAsync(key, cancellationToken) is not { Entries: > 0 } state) return null;
            // Off the session's scheduler, which an embedded database would hold up.
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            return await Task.Run(() => SearchAsync(key, state, message, shown, either.Token), either.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogMissed(failure, tenant.Value);
            return null;
        }
    }

    private async Task<string?> SearchAsync(
        MemoryNamespaceKey key, MemoryNamespaceState state, string message, ShownMemories shown, CancellationToken cancellationToken)
    {
        var query = WholeCharacters.Of(message, SearchMemory.MaxQueryLength);
        var found = await finder.FindAsync(
            key, state, new SearchMemory { Query = query, Limit = MaxMemories, MinScore = options.Value.ContextMinScore }, cancellationToken);
        var text = new StringBuilder();
        foreach (var (id, entry, _) in found.Entries)
        {
            var line = MemoryTools.LineOf(entry.Key, entry.Value!);
            if (shown.TryAdd(id, TokenEstimator.Estimate(line))) text.Append(line).Append('\n');
        }

        return text.Length == 0
            ? null
            : UntrustedText.Fence("Memories that may have to do with the message, each behind its key", text.ToString().TrimEnd());
    }

    [LoggerMessage(1020, LogLevel.Warning, "The memory of the tenant {Tenant} could not be searched; a turn goes on without it")]
    private partial void LogMissed(Exception exception, string tenant);

    /// <summary>What a turn is shown already, and how much more there may be.</summary>
    private sealed class ShownMemories(int tokens)
    {
        private readonly HashSet<long> _ids = [];
        private int _left = tokens;

        public bool TryAdd(long id, int size)
        {
            if (size > _left || !_ids.Add(id)) return false;
            _left -= size;
            return true;
        }
    }
}
