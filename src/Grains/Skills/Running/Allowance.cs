namespace OpenClaw.Grains.Skills.Running;

/// <summary>What somebody else may send in all, over however many streams.</summary>
internal sealed class Allowance(long bytes)
{
    private long _left = bytes;

    /// <exception cref="IOException">More was sent than is taken.</exception>
    public int Take(int bytes) => Interlocked.Add(ref _left, -bytes) < 0 ? throw new IOException("More was sent than is taken.") : bytes;
}
