namespace OpenClaw.Benchmarks.LoadRunner.Limits;

/// <summary>One of a turn's two writes, waiting for its commit.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="TurnId">The turn.</param>
/// <param name="Before">The last seq before the turn.</param>
/// <param name="IsEnd">The second.</param>
internal sealed record TurnWrite(string SessionId, string TurnId, long Before, bool IsEnd)
{
    /// <summary>Completes when the write is durable.</summary>
    public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
