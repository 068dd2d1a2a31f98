using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>
/// Actions that are a turn with the skill's text as instructions: in a conversation of their own, which is there as long as the
/// execution. A crash leaves it, with what was said, to whoever wants to read it.
/// </summary>
internal sealed partial class PromptActionRunner(IGrainFactory grains, TurnFollower turns, ILogger<PromptActionRunner> logger) : ISkillActionRunner
{
    /// <summary>Of instructions, in bytes: what a conversation's system prompt may have, less what is said around them.</summary>
    private const int MaxInstructions = 60 * 1024;

    public bool Takes(SkillRunner runner) => runner is PromptRunner;

    public IEnumerable<string> SecretsOf(SkillPackage package, SkillRunner runner) => SkillTemplate.SecretsOf(((PromptRunner)runner).Prompt);

    public async Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken)
    {
        var message = SkillTemplate.Text(((PromptRunner)execution.Action.Runner).Prompt, new TemplateValues(execution.Parameters, execution.Secrets));
        if (message.Text is not { } content) return SkillOutcome.Failure(SkillReasons.Text(message.Problem ?? "the prompt is empty"));
        var key = new SessionKey(execution.Tenant, SkillSessions.IdFor(execution));
        var session = grains.GetSession(key);
        var caller = execution.SessionId is { } id ? await grains.GetSession(new SessionKey(execution.Tenant, id)).Get(cancellationToken) : null;
        var created = await session.Create(
            new CreateSession
            {
                Model = caller?.Model,
                Title = $"{execution.Package.Manifest.Name}: {execution.Action.Name}",
                SystemPrompt = InstructionsOf(execution.Package),
                ToolPolicy = caller?.ToolPolicy,
            },
            CancellationToken.None);
        if (created.Problem is { } refused) return SkillOutcome.Failure(refused.Reason ?? Reasons.Unexpected);
        try
        {
            var sent = await session.Send(new SendMessage { Content = content, Scopes = execution.Scopes, KeyId = execution.KeyId }, CancellationToken.None);
            return sent.Problem is { } problem
                ? SkillOutcome.Failure(problem.Reason ?? Reasons.Unexpected)
                : await FollowAsync(session, sent, cancellationToken);
        }
        finally
        {
            await RemoveAsync(session);
        }
    }

    /// <summary>One that is not removed stays in the tenant's list: no reason for the execution to fail.</summary>
    private async Task RemoveAsync(ISessionGrain session)
    {
        try
        {
            await session.Delete(CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNotRemoved(failure);
        }
    }

    private static string InstructionsOf(SkillPackage package)
    {
        var text = SkillManifestReader.ReadInstructions(package.Directory).Replace(
            "{baseDir}", TenantSkills.MountOf(package.Manifest.Name, package.Directory).Target, StringComparison.Ordinal);
        return $"You carry out the skill '{package.Manifest.Name}': {package.Manifest.Description}\nFollow its instructions.\n\n"
            + WholeCharacters.Of(text, MaxInstructions / 3);
    }

    private async Task<SkillOutcome> FollowAsync(ISessionGrain session, SendResult sent, CancellationToken cancellationToken)
    {
        if (await turns.FollowAsync(session, sent, throughApprovals: false, cancellationToken) is not { } answer)
            return SkillOutcome.Failure(Reasons.SessionNotFound);
        if (answer.Problem is { } problem) return SkillOutcome.Failure(problem.Reason ?? Reasons.Unexpected);
        // Nobody follows this conversation who could be asked.
        if (answer.FinishReason == FinishReason.Approval)
            return SkillOutcome.Failure(new LocalizedText("the skill's turn wants to call a tool that somebody has to approve; a policy that asks leaves it no answer", "该技能的对话需要调用待批准的工具,但无人可批准"));
        return SkillOutcome.Success(new JsonPayload(CompactJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("content", answer.Content);
            json.WriteString("finishReason", answer.FinishReason);
            json.WriteEndObject();
        })));
    }

    [LoggerMessage(7012, LogLevel.Warning, "The conversation of an execution could not be removed; it stays in its tenant's list")]
    private partial void LogNotRemoved(Exception exception);
}
