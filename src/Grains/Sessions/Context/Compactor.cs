using System.Text;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.Turns;
using OpenClaw.Storage;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>
/// Summarises the older half of a history that has become long, beside the turns: they go on with the unsummarised
/// history until the summary is there. The log keeps every message. Whole turns are summarised, so a tool call is never
/// parted from its result.
/// </summary>
internal sealed class Compactor(SessionServices services, SessionJournal journal)
{
    private const int MaxSummaryTokens = 1024;

    private bool _running;

    private string Call => TurnAdmission.CallOf(journal.Session.Key.SessionId, "summary");

    public void Consider(SessionHistory history)
    {
        if (_running || history.Turns.Count < 2 || !IsLong(history)) return;
        _running = true;
        _ = CompactAsync(history);
    }

    private bool IsLong(SessionHistory history)
    {
        if (history.Turns.Count > services.Options.RecentTurns) return true;
        var route = services.Models.Route(journal.Session.Model);
        var limit = (long)route.ContextTokens * services.Options.CompactAtPercent / 100;
        var tokens = 0L;
        foreach (var turn in history.Turns) tokens += turn.Tokens;
        return route.Problem is null && tokens > limit;
    }

    private async Task CompactAsync(SessionHistory history)
    {
        var key = journal.Session.Key;
        try
        {
            var count = history.Turns.Count / 2;
            var untilSeq = history.Turns[count - 1].LastSeq;
            var text = new StringBuilder();
            var request = new ModelRequest
            {
                Tenant = key.Tenant,
                Model = journal.Session.Model,
                Messages = PromptBuilder.BuildSummaryRequest(history, count),
                MaxOutputTokens = MaxSummaryTokens,
            };
            await ReserveAsync(request);
            await foreach (var update in services.Models.StreamAsync(request, services.Shutdown.Yielding))
            {
                if (update is ModelText piece) text.Append(piece.Text);
                if (update is ModelFinished finished) await CountAsync(finished);
            }

            var summary = new SessionSummaryState(untilSeq, text.ToString(), services.Time.GetUtcNow());
            await services.Log.SaveSummaryAsync(key, summary, CancellationToken.None);
            history.Compact(summary);
            services.Histories.Store(key, history);
        }
        catch (Exception failure) when (failure is ModelException or StorageUnavailableException)
        {
            services.Logger.CompactionFailed(failure, key.ToString());
        }
        catch (OperationCanceledException) when (services.Shutdown.IsYielding)
        {
            // The next process summarises.
            services.Histories.Remove(key);
        }
        finally
        {
            _running = false;
        }
    }

    private async Task ReserveAsync(ModelRequest request)
    {
        var most = new TokenUsage(TokenEstimator.Estimate(request.Messages), MaxSummaryTokens);
        var amount = new BudgetAmount(
            most.TotalTokens, services.Prices.CostOf(services.Models.Route(request.Model).ServedBy, most));
        var reservation = new BudgetReservation(Call, amount, services.ReservationLifetime);
        if (await services.Budgets.ReserveAsync(request.Tenant, reservation, services.Shutdown.Token) is { } problem)
            throw new ModelException(problem);
    }

    /// <summary>A summary is the tenant's usage like any other call, and no turn.</summary>
    private async Task CountAsync(ModelFinished finished)
    {
        var unwritten = new UnwrittenUsage();
        unwritten.Add(finished.Usage, services.Prices.CostOf(finished.Model, finished.Usage));
        if (unwritten.Take(services.Time.GetUtcNow(), finished.Model) is not { } usage) return;
        await journal.CommitAsync(_ => new JournalCommit { Mailbox = journal.Mailbox, Usage = usage });
        await services.Budgets.SettleAsync(journal.Session.Key.Tenant, Call, TurnAdmission.AmountOf(usage));
    }
}
