using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running.Server;

/// <summary>Actions of the server's own.</summary>
internal sealed class ServerActionRunner(IEnumerable<IServerAction> actions) : ISkillActionRunner
{
    public bool Takes(SkillRunner runner) => runner is ServerRunner;

    public IEnumerable<string> SecretsOf(SkillPackage package, SkillRunner runner) => [];

    public Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken)
    {
        var name = ((ServerRunner)execution.Action.Runner).Name;
        // A skill of a newer version may name one that this server does not have yet.
        return actions.FirstOrDefault(action => action.Name == name) is { } found
            ? found.RunAsync(execution, cancellationToken)
            : Task.FromResult(SkillOutcome.Failure(SkillReasons.Text($"this server does not know the action '{name}'; it may be of an older version")));
    }
}
