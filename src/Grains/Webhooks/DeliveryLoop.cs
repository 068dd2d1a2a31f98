using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <summary>
/// Delivers what is due to one webhook: read in pieces, so that however much waits, little of it is in memory; what is sent is
/// read when it is sent. For one scheduler: nothing of it runs beside itself.
/// </summary>
internal sealed class DeliveryLoop(TenantId tenant, IDeliveryWork work, WebhookSlots slots, Func<double> random, TimeProvider time)
{
    /// <summary>Attempts that one webhook has under way at once.</summary>
    public const int AtOnce = 8;

    /// <summary>Deliveries in memory.</summary>
    public const int MaxHeld = 64;

    /// <summary>With so few left, more are read.</summary>
    private const int Low = MaxHeld / 2;

    private TaskCompletionSource _bell = NewBell();

    /// <summary>Told of each attempt that has ended, with the event's id.</summary>
    public Action<string>? Attempted { get; init; }

    /// <summary>Whether it was rung since it looked last.</summary>
    public bool IsRung => _bell.Task.IsCompleted;

    /// <summary>There may be something new that is due.</summary>
    public void Ring() => _bell.TrySetResult();

    /// <summary>Delivers until nothing is due, or the receiver has answered 410.</summary>
    /// <exception cref="Storage.StorageUnavailableException">What was under way has ended, and may be sent again.</exception>
    public async Task<DeliveryEnd> RunAsync(WebhookTarget target, CancellationToken cancellationToken)
    {
        var lanes = new DeliveryLanes();
        var running = new List<Task<DeliveryEnd>>(AtOnce);
        var (more, next, isGone) = (true, (DateTimeOffset?)null, false);
        try
        {
            while (true)
            {
                Begin();
                while (WantsMore() && (more || IsRung || next <= time.GetUtcNow()))
                {
                    (more, next) = await LoadAsync(lanes, cancellationToken);
                    Begin();
                }

                if (running.Count == 0) return new DeliveryEnd(next, isGone);
                await WaitAsync(running, WantsMore(), next, cancellationToken);
                foreach (var ended in running.Where(attempt => attempt.IsCompleted).ToArray())
                {
                    running.Remove(ended);
                    var end = await ended;
                    isGone |= end.IsGone;
                    if (end.NextAt is { } retry && !(next <= retry)) next = retry;
                }
            }
        }
        finally
        {
            // None is left to itself.
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        void Begin()
        {
            while (!isGone && running.Count < AtOnce && lanes.Take() is { } delivery) running.Add(AttemptAsync(lanes, delivery, target, cancellationToken));
        }

        bool WantsMore() => !isGone && lanes.Count < MaxHeld && (lanes.Count <= Low || running.Count < AtOnce);
    }

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads what is due, as much as there is room for. Whether there is more of it, and when the first is due that is not yet.</summary>
    private async Task<(bool More, DateTimeOffset? Next)> LoadAsync(DeliveryLanes lanes, CancellationToken cancellationToken)
    {
        if (IsRung) _bell = NewBell();
        lanes.Look();
        // Those that are held are among the first of them.
        var rows = await work.ListNextAsync(MaxHeld + 1, cancellationToken);
        var now = time.GetUtcNow();
        foreach (var row in rows)
        {
            if (row.DueAt > now) return (false, row.DueAt);
            if (lanes.Count == MaxHeld) return (true, null);
            lanes.Add(row);
        }

        return (rows.Count > MaxHeld, null);
    }

    /// <summary>Until an attempt has ended; with room for more, also until there is something new, or something waited for is due.</summary>
    private async Task WaitAsync(List<Task<DeliveryEnd>> running, bool wantsMore, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var awaited = new List<Task>(running);
        if (wantsMore) awaited.Add(_bell.Task);
        if (wantsMore && next is { } due) awaited.Add(Task.Delay(Max(due - time.GetUtcNow(), TimeSpan.Zero), time, stop.Token));
        await Task.WhenAny(awaited);
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<DeliveryEnd> AttemptAsync(DeliveryLanes lanes, DueDelivery delivery, WebhookTarget target, CancellationToken cancellationToken)
    {
        try
        {
            DeliveryAnswer answer;
            DateTimeOffset at;
            using (await slots.AcquireAsync(tenant, cancellationToken))
            {
                at = time.GetUtcNow();
                answer = await work.SendAsync(delivery, target, cancellationToken);
            }

            var outcome = Outcome(delivery, at, answer);
            // Where it was replayed meanwhile, or another activation was faster, what is written there decides.
            if (!await work.EndAttemptAsync(delivery, outcome)) Ring();
            Attempted?.Invoke(delivery.EventId);
            return new DeliveryEnd(outcome.NextAt, answer.Failure is DeliveryFailure.Gone);
        }
        finally
        {
            lanes.End(delivery);
        }
    }

    private DeliveryAttemptState Outcome(DueDelivery delivery, DateTimeOffset at, DeliveryAnswer answer)
    {
        var wait = answer.Failure is null or DeliveryFailure.Gone or DeliveryFailure.Forgotten
            ? null
            : RetrySchedule.WaitAfter(delivery.Attempts + 1, random());
        return new DeliveryAttemptState
        {
            Status = answer.Failure is null ? WebhookDeliveryStatus.Delivered : wait is null ? WebhookDeliveryStatus.Failed : WebhookDeliveryStatus.Pending,
            NextAt = time.GetUtcNow() + wait,
            At = at,
            ResponseStatus = answer.Status,
            ResponseBody = answer.Body,
            Error = answer.Failure?.ToString(),
        };
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
