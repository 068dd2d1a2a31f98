using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Sessions.State;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// The rules of what runs and what waits: pure functions from one mailbox to the next. Waiting turns run first come,
/// first served, whatever rule they came with.
/// </summary>
internal static class Mailbox
{
    internal const int MaxDeliveries = 16;

    /// <summary>Orleans drops a call that is older than its response time-out (5 s), wherever it was held up.</summary>
    internal static readonly TimeSpan DeliveryMemory = TimeSpan.FromMinutes(1);

    /// <summary>Places a message. One that cuts the running turn waits like any other: the turn was ended before.</summary>
    /// <param name="mailbox">As it is.</param>
    /// <param name="rule">What to do when a turn runs.</param>
    /// <param name="seq">The seq the message will have.</param>
    /// <param name="scopes">What its sender may do.</param>
    /// <param name="maxWaiting">Messages that may wait.</param>
    /// <param name="start">What a turn that starts now is started with.</param>
    /// <param name="trace">Trace parent of the request, or null.</param>
    /// <param name="keyId">Its sender's API key, or null; a turn of several messages keeps that of the first.</param>
    public static MailboxPlacement Accept(
        MailboxState mailbox, OverlapRule rule, long seq, Scopes scopes, int maxWaiting, TurnStart start, string? trace, string? keyId = null)
    {
        if (mailbox.Running is not { } running)
        {
            var started = Start(NewTurn(seq, scopes, trace, keyId), start);
            return new MailboxPlacement(mailbox with { Running = started }, started.TurnId, PlacedAs.Running);
        }

        if (rule is OverlapRule.Reject) return MailboxPlacement.Refused(Problem.Conflict(Reasons.TurnRunning));
        if (CountWaiting(mailbox) >= maxWaiting)
            return MailboxPlacement.Refused(Problem.Conflict(Reasons.TooManyWaiting(maxWaiting)));

        switch (rule)
        {
            case OverlapRule.Steer when running.Ending is TurnEnding.None:
                var steered = running with
                {
                    Steered = [.. running.Steered, seq],
                    Messages = running.Messages + 1,
                    Scopes = running.Scopes & scopes,
                };
                return new MailboxPlacement(mailbox with { Running = steered }, running.TurnId, PlacedAs.Steered);

            case OverlapRule.Merge when mailbox.Waiting is [.., var last]:
                var merged = last with { Messages = last.Messages + 1, Scopes = last.Scopes & scopes };
                return new MailboxPlacement(
                    mailbox with { Waiting = [.. mailbox.Waiting.SkipLast(1), merged] }, last.TurnId, PlacedAs.Waiting);
        }

        var waiting = NewTurn(seq, scopes, trace, keyId);
        return new MailboxPlacement(
            mailbox with { Waiting = [.. mailbox.Waiting, waiting] }, waiting.TurnId, PlacedAs.Waiting);
    }

    /// <summary>How a message's rule ends the turn that runs: its author wants it cut before the message is placed.</summary>
    public static TurnEnding EndingOf(OverlapRule rule) => rule switch
    {
        OverlapRule.Interrupt => TurnEnding.Cancel,
        OverlapRule.Rollback => TurnEnding.Rollback,
        _ => TurnEnding.None,
    };

    /// <summary>Marks the running turn for its end, or gives null when it is ending already or none runs.</summary>
    public static MailboxState? End(MailboxState mailbox, TurnEnding ending) =>
        mailbox.Running is { Ending: TurnEnding.None } running ? mailbox with { Running = running with { Ending = ending } } : null;

    /// <summary>The running turn is over: the first that waits runs next.</summary>
    public static MailboxState Advance(MailboxState mailbox, TurnStart start) => mailbox.Waiting is [var next, .. var rest]
        ? mailbox with { Running = Start(next, start), Waiting = rest }
        : mailbox with { Running = null };

    /// <summary>Remembers a message that may come again. Attempts follow one another within seconds.</summary>
    public static MailboxState Remember(MailboxState mailbox, DeliveryState delivery) => mailbox with
    {
        Deliveries =
        [
            .. mailbox.Deliveries.Where(earlier => earlier.At > delivery.At - (long)DeliveryMemory.TotalMilliseconds).TakeLast(MaxDeliveries - 1),
            delivery,
        ],
    };

    /// <summary>Messages that no step has taken up yet.</summary>
    public static int CountWaiting(MailboxState mailbox)
    {
        var count = mailbox.Running?.Steered.Count ?? 0;
        foreach (var turn in mailbox.Waiting) count += turn.Messages;
        return count;
    }

    public static bool Holds(MailboxState mailbox, string turnId)
    {
        if (mailbox.Running?.TurnId == turnId) return true;
        foreach (var turn in mailbox.Waiting)
        {
            if (turn.TurnId == turnId) return true;
        }

        return false;
    }

    private static TurnState Start(TurnState turn, TurnStart start) =>
        turn with { StartedAt = start.At.ToUnixTimeMilliseconds(), Model = start.Model };

    private static TurnState NewTurn(long seq, Scopes scopes, string? trace, string? keyId) =>
        new() { TurnId = TurnIds.NewTurn(seq), FirstSeq = seq, Scopes = scopes, Trace = trace, KeyId = keyId };
}

/// <summary>Where a message was placed, or why it was refused.</summary>
internal sealed record MailboxPlacement(MailboxState Mailbox, string TurnId, PlacedAs As, Problem? Problem = null)
{
    public static MailboxPlacement Refused(Problem problem) => new(MailboxState.Empty, "", PlacedAs.Waiting, problem);
}

internal enum PlacedAs
{
    Running,
    Waiting,
    Steered,
}

/// <summary>When and with which model a turn starts; it keeps the model to its end.</summary>
internal readonly record struct TurnStart(DateTimeOffset At, string Model);
