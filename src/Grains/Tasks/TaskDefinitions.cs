using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Tasks.Schedules;

namespace OpenClaw.Grains.Tasks;

/// <summary>Checks what a task is to do, as far as that can be told before it does it.</summary>
internal sealed class TaskDefinitions(IGrainFactory grains, IModelGateway models)
{
    /// <summary>What an action of this type takes.</summary>
    public static Scopes ScopeOf(TaskActionType type) => type is TaskActionType.Message ? Scopes.Write : Scopes.Execute;

    /// <summary>Why these scopes do not allow such an action, or null.</summary>
    public static Problem? FindMissingScope(TaskActionType type, Scopes scopes)
    {
        var needed = ScopeOf(type);
        return scopes.HasFlag(needed)
            ? null
            : Problem.Forbidden(TaskReasons.Scope(needed.ToString().ToLowerInvariant()));
    }

    /// <summary>The first slot after a time; null when the task is paused, or there is none.</summary>
    public static DateTimeOffset? NextOf(ScheduledTaskState definition, DateTimeOffset through) =>
        definition.Paused ? null : ScheduleReader.Read(definition.Schedule(), definition.Zone, definition.Anchor).NextAfter(through);

    /// <summary>The definition of a task that is to be, or why it cannot be.</summary>
    public async ValueTask<(ScheduledTaskState? Definition, Problem? Problem)> MakeAsync(
        TenantId tenant, CreateTask command, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (FindMissingScope(command.Action.Type, command.Caller.Scopes) is { } missing) return (null, missing);
        if (ScheduleReader.FindProblem(command.Schedule, command.Zone, now) is { } unreadable) return (null, unreadable);
        if (await FindProblemAsync(tenant, command.Action, cancellationToken) is { } problem) return (null, problem);
        var definition = new ScheduledTaskState
        {
            CreatedAt = now,
            UpdatedAt = now,
            Name = command.Name,
            Anchor = WholeSecond(now),
            Zone = command.Zone,
            Action = TaskActionState.Of(command.Action),
            Overlap = command.Overlap,
            Misfire = command.Misfire,
            Timeout = command.Timeout,
            Retries = command.Retries,
            KeyId = command.Caller.KeyId,
            Scopes = command.Caller.Scopes,
        };
        return (definition.With(command.Schedule), null);
    }

    /// <summary>The definition as it is to be, and whether slots count from now on; or why it cannot be.</summary>
    public async ValueTask<(ScheduledTaskState Next, bool CountsAnew, Problem? Problem)> ChangeAsync(
        TenantId tenant, ScheduledTaskState current, UpdateTask command, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var next = current with
        {
            Name = command.Name ?? current.Name,
            Zone = command.Zone ?? current.Zone,
            Action = command.Action is { } action ? TaskActionState.Of(action) : current.Action,
            Overlap = command.Overlap ?? current.Overlap,
            Misfire = command.Misfire ?? current.Misfire,
            Timeout = command.Timeout ?? current.Timeout,
            Retries = command.Retries ?? current.Retries,
            Paused = command.Paused ?? current.Paused,
        };
        if (command.Schedule is { } schedule) next = next.With(schedule);
        var isRescheduled = next.Schedule() != current.Schedule() || next.Zone != current.Zone;
        if ((isRescheduled || command.Paused == false) && ScheduleReader.FindProblem(next.Schedule(), next.Zone, now) is { } unreadable)
            return (next, false, unreadable);
        if (command.Action is { } given && await FindProblemAsync(tenant, given, cancellationToken) is { } impossible)
            return (next, false, impossible);
        if (command.Action is not null || command.Paused == false)
        {
            if (FindMissingScope(next.Action.Type, command.Caller.Scopes) is { } missing) return (next, false, missing);
            next = next with { KeyId = command.Caller.KeyId, Scopes = command.Caller.Scopes };
        }

        if (next.Paused != current.Paused) next = next with { PausedReason = null };
        if (isRescheduled || (current.Paused && !next.Paused)) next = next with { Anchor = WholeSecond(now) };
        return (next, isRescheduled || next.Paused != current.Paused, null);
    }

    /// <summary>Why the action cannot be a task's, or null.</summary>
    private async ValueTask<Problem?> FindProblemAsync(TenantId tenant, TaskAction action, CancellationToken cancellationToken)
    {
        if (action.Type is not TaskActionType.Message) return null;
        if (action.SessionId is { } id)
        {
            if (action.Model is not null) return Problem.Invalid("action.model", TaskReasons.ModelWithSession);
            return await grains.GetSession(new SessionKey(tenant, id)).Get(cancellationToken) is null
                ? Problem.Invalid("action.sessionId", Reasons.SessionNotFound)
                : null;
        }

        return models.Route(action.Model).Problem is { } unknown ? unknown with { Field = "action.model" } : null;
    }

    /// <summary>Why its runs would fail as things are.</summary>
    public async ValueTask<LocalizedText[]> FindWarningsAsync(TenantId tenant, TaskActionState action, CancellationToken cancellationToken)
    {
        if (action is not { Type: TaskActionType.Skill, Skill: { } name }) return [];
        var installed = await grains.GetSkillCatalog(new SkillCatalogKey(tenant)).Find(name, cancellationToken);
        if (installed is not { Enabled: true }) return [TaskReasons.SkillMissing(name)];
        return action.Action is { } wanted && installed.FindAction(wanted) is null ? [TaskReasons.SkillActionMissing(name, wanted)] : [];
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
