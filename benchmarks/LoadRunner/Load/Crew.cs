namespace OpenClaw.Benchmarks.LoadRunner.Load;

/// <summary>Runs the same work on several threads that start together.</summary>
internal static class Crew
{
    private const int StackBytes = 256 * 1024;

    /// <summary>Returns when all are done; throws what the first to fail threw.</summary>
    /// <param name="size">Threads.</param>
    /// <param name="work">Takes the worker's number, from 0.</param>
    public static void Run(int size, Action<int> work)
    {
        Exception? failure = null;
        using var start = new Barrier(size);
        var threads = Enumerable.Range(0, size).Select(worker => new Thread(
            () =>
            {
                start.SignalAndWait();
                try
                {
                    work(worker);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref failure, exception, null);
                }
            },
            StackBytes)).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        if (failure is not null)
            throw new InvalidOperationException($"The load could not be driven: {failure.Message}", failure);
    }
}
