using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>What becomes of a call before it runs.</summary>
internal enum ToolVerdict
{
    Run,

    /// <summary>Somebody is to be asked.</summary>
    Ask,

    /// <summary>The policy denies it.</summary>
    Forbidden,

    /// <summary>Whoever was asked has denied it.</summary>
    Denied,

    /// <summary>Nobody answered in time.</summary>
    Expired,

    /// <summary>The policy could not be looked up.</summary>
    Unknown,
}

/// <summary>Whether the calls of one step may run: by the policies of tenant and session, and by what was answered.</summary>
internal sealed class TurnApprovals(SessionServices services, SessionJournal journal, int step)
{
    private readonly TimeSpan _time = services.Options.ApprovalTime;

    /// <summary>Judged anew at each attempt: what was denied must not run because a crash came between.</summary>
    public async ValueTask<ToolVerdict> JudgeAsync(PreparedCall call, CancellationToken cancellation)
    {
        // One that cannot be made is told so; nobody need be asked.
        if (call.Tool is not { } tool) return ToolVerdict.Run;
        if (await services.ToolPolicies.GetAsync(journal.Session.Key.Tenant, cancellation) is not { } tenant) return ToolVerdict.Unknown;
        var session = ToolRuleState.ToPolicy(journal.Mailbox.ToolPolicy);
        switch (ToolPolicyRules.Decide(tool.Name, call.Arguments, tenant, session))
        {
            case ToolDecision.Allow: return ToolVerdict.Run;
            case ToolDecision.Deny: return ToolVerdict.Forbidden;
        }

        var digest = ApprovalRules.DigestOf(tool.Name, call.Arguments);
        return ApprovalRules.Find(journal.Mailbox.Running!, step, call.Call.CallId, digest) switch
        {
            { Decision: ApprovalDecision.AllowOnce or ApprovalDecision.AllowAlways } => ToolVerdict.Run,
            { Decision: ApprovalDecision.Deny } => ToolVerdict.Denied,
            { Decision: ApprovalDecision.Expired } => ToolVerdict.Expired,
            _ => ApprovalRules.IsAllowed(journal.Mailbox, digest) ? ToolVerdict.Run : ToolVerdict.Ask,
        };
    }

    /// <summary>What the model is told of a call that does not run; null for one that does.</summary>
    public static string? RefusalOf(ToolVerdict verdict) => verdict switch
    {
        ToolVerdict.Forbidden => ApprovalReasons.ForbiddenToModel,
        ToolVerdict.Denied => ApprovalReasons.DeniedToModel,
        ToolVerdict.Expired => ApprovalReasons.ExpiredToModel,
        ToolVerdict.Unknown => ApprovalReasons.UnknownToModel,
        _ => null,
    };

    /// <summary>Requests for calls; the first carries the step when no event has yet.</summary>
    public IReadOnlyList<ApprovalRequestState> RequestsFor(IReadOnlyList<PreparedCall> calls, StepState? unwritten)
    {
        var expires = services.Time.GetUtcNow() + _time;
        return
        [
            .. calls.Select((call, index) => new ApprovalRequestState
            {
                Id = TurnIds.NewApproval(),
                Tool = call.Tool!.Name,
                Arguments = call.Arguments,
                ExpiresAt = expires,
                Step = index == 0 ? unwritten : null,
            }),
        ];
    }

    /// <summary>What the mailbox keeps of requests whose events begin at a seq.</summary>
    public IEnumerable<ApprovalState> StatesOf(IReadOnlyList<ApprovalRequestState> requests, IReadOnlyList<PreparedCall> calls, long firstSeq) =>
        requests.Select((request, index) => new ApprovalState
        {
            Id = request.Id,
            Seq = firstSeq + index,
            Tool = request.Tool,
            Digest = ApprovalRules.DigestOf(request.Tool, request.Arguments),
            Step = step,
            CallId = calls[index].Call.CallId,
            AskedAt = (request.ExpiresAt - _time).ToUnixTimeMilliseconds(),
            ExpiresAt = request.ExpiresAt.ToUnixTimeMilliseconds(),
        });
}
