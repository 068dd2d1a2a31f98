namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>The turn that runs now: what cancels it, and who waits for its end.</summary>
internal sealed class RunningTurn(string turnId) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private TaskCompletionSource? _ended;

    public string TurnId { get; } = turnId;

    public CancellationToken Token => _cancellation.Token;

    public Task Ended =>
        (_ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Cancel() => _cancellation.Cancel();

    public void SetEnded() => (_ended ??= new TaskCompletionSource()).TrySetResult();

    public void Dispose() => _cancellation.Dispose();
}
