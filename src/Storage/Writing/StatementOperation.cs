using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Writing;

/// <summary>Statements that are written together, one after the other.</summary>
internal sealed class StatementOperation(string lane, IReadOnlyList<SqlStep> steps, CancellationToken cancellationToken)
    : WriteOperation(lane, cancellationToken)
{
    private readonly TaskCompletionSource<int[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<SqlStep> Steps => steps;

    /// <summary>Rows changed by each step.</summary>
    public int[] Rows { get; } = new int[steps.Count];

    /// <summary>Completes with <see cref="Rows"/> when they are durable.</summary>
    public Task<int[]> Completion => _completion.Task;

    public override void Complete() => _completion.TrySetResult(Rows);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    protected override void Cancel(CancellationToken token) => _completion.TrySetCanceled(token);
}
