using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Writing;

/// <summary>A statement that runs once for each set of parameters.</summary>
internal sealed class StatementOperation(string statement, string lane, SqlValue[][] parameters, CancellationToken cancellationToken)
    : WriteOperation(lane, cancellationToken)
{
    private readonly TaskCompletionSource<int> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One of <see cref="Statements"/>.</summary>
    public string Statement => statement;

    public SqlValue[][] Parameters => parameters;

    /// <summary>Rows changed by all runs together.</summary>
    public int Rows { get; set; }

    /// <summary>Completes with <see cref="Rows"/> when they are durable.</summary>
    public Task<int> Completion => _completion.Task;

    public override void Complete() => _completion.TrySetResult(Rows);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    protected override void Cancel(CancellationToken token) => _completion.TrySetCanceled(token);
}
