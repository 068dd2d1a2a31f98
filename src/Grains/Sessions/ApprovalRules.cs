using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.Sessions.State;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// The rules of requests for approval: pure functions from one mailbox to the next. A turn waits while one of its requests has no
/// answer; all of a step's are asked for at once.
/// </summary>
internal static class ApprovalRules
{
    /// <summary>Calls of a session that are allowed for good; with one more, the oldest is asked for again.</summary>
    internal const int MaxAllowed = 200;

    /// <summary>Answers that are remembered.</summary>
    internal const int MaxAnswered = 32;

    /// <summary>Whether the running turn waits for an answer. One that is to end does not.</summary>
    public static bool AreAwaited(MailboxState mailbox) =>
        mailbox.Running is { Ending: TurnEnding.None, Approvals: { } asked } && Array.Exists(asked, approval => approval.Decision is null);

    /// <summary>Whether a turn runs or is to run: there is one, and it does not wait for an answer.</summary>
    public static bool HasWork(MailboxState mailbox) => mailbox.Running is not null && !AreAwaited(mailbox);

    /// <summary>Those without an answer.</summary>
    public static IEnumerable<ApprovalState> AwaitedOf(MailboxState mailbox) =>
        (mailbox.Running?.Approvals ?? []).Where(approval => approval.Decision is null);

    /// <summary>What was asked about a call, or null. The answer holds for no other arguments.</summary>
    public static ApprovalState? Find(TurnState turn, int step, string callId, string digest) =>
        Array.Find(turn.Approvals ?? [], approval => approval.Step == step && approval.CallId == callId && approval.Digest == digest);

    /// <summary>Whether the call was allowed for good.</summary>
    public static bool IsAllowed(MailboxState mailbox, string digest) => mailbox.Allowed is { } allowed && allowed.Contains(digest);

    public static TurnState Ask(TurnState turn, IEnumerable<ApprovalState> approvals, string messageId) => turn with
    {
        Approvals = [.. turn.Approvals ?? [], .. approvals],
        MessageId = turn.MessageId ?? messageId,
    };

    /// <summary>The call has its result.</summary>
    public static TurnState Close(TurnState turn, int step, string callId)
    {
        if (turn.Approvals is not { } asked) return turn;
        var left = Array.FindAll(asked, approval => approval.Step != step || approval.CallId != callId);
        return turn with { Approvals = left.Length > 0 ? left : null };
    }

    /// <summary>Takes somebody's answer.</summary>
    /// <returns>The mailbox to write, or null when nothing changes; the request's tool; and why the answer does not count, or null.</returns>
    public static (MailboxState? Next, string Tool, Problem? Problem) Answer(MailboxState mailbox, string id, ApprovalDecision decision, DateTimeOffset now)
    {
        if (Array.Find(mailbox.Answered ?? [], answered => answered.Id == id) is { } earlier)
            return (null, earlier.Tool, earlier.Decision == decision ? null : ProblemOf(earlier.Decision));
        if (mailbox.Running is not { Ending: TurnEnding.None } turn || Array.Find(turn.Approvals ?? [], approval => approval.Id == id) is not { } asked)
            return (null, "", Problem.NotFound("approvalId", ApprovalReasons.NotFound));
        if (asked.Decision is { } answered) return (null, asked.Tool, answered == decision ? null : ProblemOf(answered));
        if (asked.ExpiresAt <= now.ToUnixTimeMilliseconds()) return (Expire(mailbox, now), asked.Tool, ProblemOf(ApprovalDecision.Expired));
        var next = Decide(mailbox, turn, approval => approval.Id == id, decision);
        if (decision is ApprovalDecision.AllowAlways) next = next with { Allowed = Append(mailbox.Allowed, asked.Digest, MaxAllowed) };
        return (next, asked.Tool, null);
    }

    /// <summary>Denies what nobody has answered in time; null when there is nothing of the kind.</summary>
    public static MailboxState? Expire(MailboxState mailbox, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return AreAwaited(mailbox) && AwaitedOf(mailbox).Any(IsOver)
            ? Decide(mailbox, mailbox.Running!, approval => approval.Decision is null && IsOver(approval), ApprovalDecision.Expired)
            : null;

        bool IsOver(ApprovalState approval) => approval.ExpiresAt <= at;
    }

    /// <summary>The same for the same tool with the same arguments, in the order in which the model wrote them.</summary>
    public static string DigestOf(string tool, JsonElement arguments) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{tool}\n{JsonSerializer.Serialize(arguments)}")).AsSpan(0, 16));

    private static MailboxState Decide(MailboxState mailbox, TurnState turn, Func<ApprovalState, bool> isMeant, ApprovalDecision decision)
    {
        var answered = mailbox.Answered;
        var approvals = Array.ConvertAll(turn.Approvals!, approval =>
        {
            if (!isMeant(approval)) return approval;
            answered = Append(answered, new AnsweredState(approval.Id, approval.Tool, decision), MaxAnswered);
            return approval with { Decision = decision };
        });
        return mailbox with { Running = turn with { Approvals = approvals }, Answered = answered };
    }

    private static Problem ProblemOf(ApprovalDecision decision) => Problem.Conflict(
        decision is ApprovalDecision.Expired ? ApprovalReasons.Expired : ApprovalReasons.Answered(decision));

    private static T[] Append<T>(T[]? items, T item, int most) => [.. (items ?? []).Where(known => !Equals(known, item)).TakeLast(most - 1), item];
}
