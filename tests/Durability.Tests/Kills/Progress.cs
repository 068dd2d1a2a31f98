namespace OpenClaw.Durability.Tests.Kills;

/// <summary>Counts what the clients hear and tells when they have heard enough for the server to die.</summary>
internal sealed class Progress(int enough)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _heard;

    /// <summary>Completes at the given number of signs of life.</summary>
    public Task Reached => _reached.Task;

    public void Hear()
    {
        if (Interlocked.Increment(ref _heard) == enough)
            _reached.SetResult();
    }
}
