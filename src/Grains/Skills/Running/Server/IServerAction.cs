namespace OpenClaw.Grains.Skills.Running.Server;

/// <summary>Something that the server does itself for a built-in skill.</summary>
internal interface IServerAction
{
    /// <summary>As the skill's runner names it.</summary>
    string Name { get; }

    /// <inheritdoc cref="ISkillActionRunner.RunAsync"/>
    Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken);
}
