using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Skills.Running;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// What a turn passes before it gets what it wants: the slots that tenants share, and its tenant's budget. Its clock stands
/// still while it waits, and a wait for a model is durable before it begins and when it is over, so that a recovery can tell a
/// call that was cut from one that was never made. A turn that does not have to wait writes nothing.
/// </summary>
internal sealed class TurnAdmission(SessionServices services, SessionJournal journal, TurnClock clock) : IModelCallGate, IDisposable
{
    private readonly string _turnId = journal.Mailbox.Running!.TurnId;
    private FairSlot? _turnSlot;
    private BudgetAmount _most;
    private CancellationToken _cancellation;
    private bool _reserved;

    /// <summary>The model has been asked since <see cref="BeginCall"/>, so tokens have been used.</summary>
    public bool Asked { get; private set; }

    private TenantId Tenant => journal.Session.Key.Tenant;

    /// <summary>The name of a turn's calls, one of which is under way at a time, in the tenant's budget.</summary>
    public static string CallOf(string sessionId, string turnId) => string.Concat(sessionId, "/", turnId);

    /// <summary>Waits until the tenant may run one more turn; at once when this one runs already.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellation)
    {
        if (!SkillSessions.IsPartOfTurn(journal.Session.Key.SessionId)) _turnSlot ??= await services.TurnSlots.AcquireAsync(Tenant, OnWaitingAsync, cancellation);
        clock.Resume();
    }

    /// <summary>A slot for one tool call.</summary>
    public async ValueTask<FairSlot> EnterToolAsync(CancellationToken cancellation)
    {
        if (SkillSessions.IsPartOfTurn(journal.Session.Key.SessionId)) return default;
        if (services.Queues.Tools.TryAcquire(Tenant, out var slot)) return slot;
        clock.Pause();
        slot = await services.Queues.Tools.AcquireAsync(Tenant, cancellation);
        clock.Resume();
        return slot;
    }

    /// <summary>A call of the model comes next.</summary>
    /// <param name="most">What it reserves of the tenant's budget.</param>
    /// <param name="cancellation">The turn's.</param>
    public void BeginCall(BudgetAmount most, CancellationToken cancellation)
    {
        _most = most;
        _cancellation = cancellation;
        Asked = false;
    }

    public async ValueTask OnWaitingAsync()
    {
        clock.Pause();
        await MarkAsync(waits: true);
    }

    public async ValueTask OnAskingAsync()
    {
        clock.Resume();
        if (!Asked) await ReserveAsync();
        await MarkAsync(waits: false);
        Asked = true;
    }

    /// <summary>The call's usage is durable.</summary>
    public async ValueTask SettleAsync(UsageDelta? usage)
    {
        if (!_reserved || usage is null) return;
        _reserved = false;
        await services.Budgets.SettleAsync(Tenant, CallOf(journal.Session.Key.SessionId, _turnId), AmountOf(usage));
    }

    public static BudgetAmount AmountOf(UsageDelta usage) => new(usage.InputTokens + usage.OutputTokens, usage.Cost);

    public void Dispose() => _turnSlot?.Dispose();

    private async ValueTask ReserveAsync()
    {
        if ((await services.Budgets.GetAsync(Tenant)).IsUnlimited) return;
        var reservation = new BudgetReservation(
            CallOf(journal.Session.Key.SessionId, _turnId), _most, services.ReservationLifetime);
        if (await services.Budgets.ReserveAsync(Tenant, reservation, _cancellation) is { } problem) throw new ModelException(problem);
        _reserved = true;
    }

    private async ValueTask MarkAsync(bool waits)
    {
        if (journal.Mailbox.Running is not { } turn || turn.Waits == waits) return;
        var outcome = await journal.CommitAsync(_ => new JournalCommit
        {
            Mailbox = journal.Mailbox with { Running = journal.Mailbox.Running! with { Waits = waits } },
        });
        if (outcome is not Storage.Sessions.AppendOutcome.Written) throw new TurnLeftException();
    }
}
