using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Skills.Tools;

/// <summary>An action of an installed skill: <c>skill_&lt;name&gt;_&lt;action&gt;</c>. Of the revision that the turn began with.</summary>
internal sealed class SkillTool(string name, SkillInfo skill, SkillActionInfo action, IGrainFactory grains) : ITool
{
    public string Name => name;

    public string Description { get; } = action.Description.Length > 0 ? action.Description : $"{action.Name} of the skill {skill.Name}: {skill.Description}";

    public JsonElement Parameters { get; } = JsonElement.Parse(action.Parameters.Utf8.Span);

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => action.IsIdempotent;

    /// <summary>A schema of a server's that is not understood here is left to the server, which checks it anyway.</summary>
    public string? FindObjection(JsonElement arguments) => ToolSchema.FindProblem(Parameters) is null ? ToolSchema.Check(Parameters, arguments) : null;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var tenant = context.Session.Tenant;
        var decision = await grains.GetRateLimit(new RateLimitKey(tenant, RateLimitClass.Skills)).Acquire();
        if (!decision.Granted) return ToolResult.Failure(SkillReasons.RateLimited(decision.ResetSeconds).English);
        var run = grains.GetSkillRun(SkillRunKey.New(tenant));
        var actions = new[] { ToolActions.Of(ToolActions.SkillExecuted, ("skill", skill.Name), ("action", action.Name)) };
        try
        {
            var started = await run.Start(
                new StartSkillRun
                {
                    Skill = skill.Name,
                    Action = action.Name,
                    Parameters = new JsonPayload(Encoding.UTF8.GetBytes(arguments.GetRawText())),
                    Scopes = context.Scopes,
                    KeyId = context.KeyId,
                    Revision = skill.Revision,
                    Version = skill.Version,
                    SessionId = context.Session.SessionId,
                    TurnId = context.TurnId,
                },
                cancellationToken);
            if (started is { } problem) return ToolResult.Refused(problem);
            return await run.WaitAsync(cancellationToken) is { } result
                ? new ToolResult(result.Status is SkillRunStatus.Succeeded, Tell(result), actions)
                : new ToolResult(false, "The server that executed the skill has stopped, and the execution with it. It may have taken effect.", actions);
        }
        finally
        {
            // What nobody waits for any more has no reason to go on, begun or not; what has ended takes no harm.
            if (cancellationToken.IsCancellationRequested) await run.Cancel();
        }
    }

    private string Tell(SkillRunResult result)
    {
        var answer = result.Result.IsEmpty ? "" : UntrustedText.Fence($"What {skill.Name} answered", Encoding.UTF8.GetString(result.Result.Utf8.Span));
        return result.Error is { } error
            ? $"{(result.Status is SkillRunStatus.Timeout ? "Timed out" : "Failed")}. {UntrustedText.Fence("Why", error.English)}\n{answer}".TrimEnd()
            : answer.Length > 0 ? answer : "Done; it answered nothing.";
    }
}
