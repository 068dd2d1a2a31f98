using OpenClaw.Storage.Sessions;

namespace OpenClaw.Storage.Writing;

/// <summary>An append to a session.</summary>
internal sealed class AppendOperation(SessionAppend append, string lane, CancellationToken cancellationToken)
    : WriteOperation(lane, cancellationToken)
{
    private readonly TaskCompletionSource<AppendOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SessionAppend Append => append;

    public AppendOutcome Outcome { get; set; }

    /// <summary>Completes with <see cref="Outcome"/> when it is durable.</summary>
    public Task<AppendOutcome> Completion => _completion.Task;

    public override void Complete() => _completion.TrySetResult(Outcome);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    protected override void Cancel(CancellationToken token) => _completion.TrySetCanceled(token);
}
