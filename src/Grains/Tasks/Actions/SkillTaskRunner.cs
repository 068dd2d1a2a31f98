using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Skills;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>Executes an action of a skill, whose execution has the attempt's id.</summary>
internal sealed class SkillTaskRunner(IGrainFactory grains, AttemptCalls calls) : ITaskActionRunner
{
    public TaskActionType Type => TaskActionType.Skill;

    public async Task<TaskOutcome> RunAsync(TaskAttempt attempt, bool goesOn, Action begun, CancellationToken cancellationToken)
    {
        var run = RunOf(attempt);
        if (!goesOn)
        {
            var problem = await calls.StartAsync(
                () => run.Start(
                    new StartSkillRun
                    {
                        Skill = attempt.Action.Skill!,
                        Action = attempt.Action.Action,
                        Parameters = JsonPayload.From(attempt.Action.Parameters ?? "{}"),
                        Scopes = attempt.Scopes,
                        KeyId = attempt.KeyId,
                    },
                    CancellationToken.None),
                SkillReasons.Known,
                begun,
                cancellationToken);
            if (problem is { Status: 404 } && problem.Reason == Reasons.SkillNotFound)
                return TaskOutcome.Refused(problem with { Reason = TaskReasons.SkillMissing(attempt.Action.Skill!) });
            if (problem is not null) return TaskOutcome.Refused(problem);
        }

        begun();
        return await calls.FollowAsync(() => LookAsync(run, attempt, cancellationToken), cancellationToken);
    }

    public Task CancelAsync(TaskAttempt attempt) => RunOf(attempt).Cancel();

    private ISkillRunGrain RunOf(TaskAttempt attempt) => grains.GetSkillRun(new SkillRunKey(attempt.Tenant, attempt.Id));

    private async Task<TaskOutcome?> LookAsync(ISkillRunGrain run, TaskAttempt attempt, CancellationToken cancellationToken)
    {
        if (await run.Read(cancellationToken) is not { } read) return await InterruptedAsync(attempt, cancellationToken);
        if (read.Result is not { } result) return null;
        var json = result.Result.IsEmpty ? null : result.Result.Utf8.ToArray();
        return result.Status switch
        {
            SkillRunStatus.Succeeded => TaskOutcome.Success(json),
            // Nobody here wanted that: its silo stops.
            SkillRunStatus.Cancelled => await InterruptedAsync(attempt, cancellationToken),
            SkillRunStatus.Timeout => new TaskOutcome(TaskRunStatus.Timeout)
            {
                Error = Problem.Internal(504, result.Error ?? Reasons.Unexpected), Result = json, MayRepeat = true,
            },
            _ => TaskOutcome.Failure(result.Error ?? Reasons.Unexpected, json),
        };
    }

    private async Task<TaskOutcome> InterruptedAsync(TaskAttempt attempt, CancellationToken cancellationToken)
    {
        var skill = await grains.GetSkill(new SkillKey(attempt.Tenant, attempt.Action.Skill!)).Get(cancellationToken);
        var action = attempt.Action.Action is { } name ? skill?.FindAction(name) : skill?.Actions is [var only] ? only : null;
        return TaskOutcome.Interrupted(action is { IsIdempotent: true });
    }
}
