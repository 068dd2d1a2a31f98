using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Models;

/// <summary>The model's provider failed or refused. <see cref="Problem"/> is what the caller is told.</summary>
public sealed class ModelException : Exception
{
    public ModelException(Problem problem, Exception? innerException = null)
        : base(problem.Reason?.English ?? problem.Code.ToString(), innerException) => Problem = problem;

    public Problem Problem { get; }
}
