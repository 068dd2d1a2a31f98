using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>Makes attempts of one type of action.</summary>
internal interface ITaskActionRunner
{
    TaskActionType Type { get; }

    /// <summary>Makes an attempt, or goes on with one that another activation has begun. An expected failure is an outcome.</summary>
    /// <param name="attempt">What is to be done.</param>
    /// <param name="goesOn">It was begun before, and must not take effect twice.</param>
    /// <param name="begun">Called once the attempt need not hold up the start of others any more.</param>
    /// <param name="cancellationToken">Gives up following; what was begun goes on.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    Task<TaskOutcome> RunAsync(TaskAttempt attempt, bool goesOn, Action begun, CancellationToken cancellationToken);

    /// <summary>Ends an attempt that nobody waits for any more, as far as it can be ended.</summary>
    Task CancelAsync(TaskAttempt attempt);
}
