using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using ErrorCode = OpenClaw.Grains.Abstractions.Errors.ErrorCode;

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
            : new Problem { Code = ErrorCode.Forbidden, Status = 403, Reason = TaskReasons.Scope(needed.ToString().ToLowerInvariant()) };
    }

    /// <summary>Why the action cannot be a task's, or null.</summary>
    public async ValueTask<Problem?> FindProblemAsync(TenantId tenant, TaskAction action, CancellationToken cancellationToken)
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
}
