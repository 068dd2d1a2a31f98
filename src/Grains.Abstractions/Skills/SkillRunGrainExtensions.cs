namespace OpenClaw.Grains.Abstractions.Skills;

public static class SkillRunGrainExtensions
{
    /// <summary>How an execution that was begun ended, once it has; null when its silo has stopped, and the execution with it.</summary>
    public static async Task<SkillRunResult?> WaitAsync(this ISkillRunGrain run, CancellationToken cancellationToken)
    {
        while (await run.Read(cancellationToken) is { } read)
        {
            if (read.Result is { } result) return result;
        }

        return null;
    }
}
