using OpenClaw.Storage;

namespace OpenClaw.Grains.Scheduling;

/// <summary>Calls of grains that say nothing of what became of them. Whoever may makes them again.</summary>
internal static class LostCalls
{
    /// <param name="failure">What the call threw.</param>
    /// <param name="cancellationToken">Of the caller: what it has cancelled was not lost.</param>
    public static bool IsLost(Exception failure, CancellationToken cancellationToken) =>
        // The grain's silo died or went, it did not answer, or the database was away.
        failure is TimeoutException or OrleansException or StorageUnavailableException
        // Orleans cancels a call that found no silo for its grain in time.
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
