using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Registry;

/// <summary>The registry did not do its part. Stays within <see cref="SkillRegistry"/>, whose callers get the problem.</summary>
internal sealed class RegistryException(Problem problem, Exception? inner = null) : Exception(problem.Reason?.English, inner)
{
    public Problem Problem => problem;

    /// <summary>The same request may succeed soon.</summary>
    public bool MayRetry { get; init; }

    /// <summary>How long the registry wants to be left alone; null when it said nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
