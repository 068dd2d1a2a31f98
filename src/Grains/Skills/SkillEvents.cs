using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills;

/// <summary>What the tenant is told of skills; see <c>docs/events.md</c>.</summary>
internal static class SkillEvents
{
    public static OutboxEntry Executed(SkillRunState run, TimeSpan duration, LocalizedText? error) => new(
        EventIds.Of($"{run.Tenant}\n{run.RunId}\n{EventTypes.SkillExecuted}"),
        EventTypes.SkillExecuted,
        CompactJson.WriteObject(json =>
        {
            json.WriteString("skill", run.Skill);
            json.WriteString("action", run.Action);
            json.WriteString("version", run.Version);
            json.WriteString("runId", run.RunId);
            json.WriteString("status", run.Status);
            json.WriteNumber("durationMs", (long)duration.TotalMilliseconds);
            json.WriteTime("startedAt", run.StartedAt);
            if (run.SessionId is not null) json.WriteString("sessionId", run.SessionId);
            if (run.TurnId is not null) json.WriteString("turnId", run.TurnId);
            if (error is not null) json.WriteError("error", Problem.Internal(500, error));
        }));
}
