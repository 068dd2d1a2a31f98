using OpenClaw.Benchmarks.LoadRunner.Http;

namespace OpenClaw.Benchmarks.LoadRunner.Load;

/// <summary>Runs the same work on several threads that start together.</summary>
internal static class Crew
{
    private const int StackBytes = 256 * 1024;

    /// <summary>Shares pieces of work out among workers that have a connection each.</summary>
    /// <param name="client">Of the target.</param>
    /// <param name="connections">Workers at most.</param>
    /// <param name="count">Pieces.</param>
    /// <param name="work">Takes a worker's connection and a piece's number, from 0.</param>
    public static void Share(ApiClient client, int connections, int count, Action<HttpConnection, int> work)
    {
        var size = Math.Min(connections, count);
        Run(size, worker =>
        {
            using var connection = client.Connect();
            for (var i = worker; i < count; i += size)
                work(connection, i);
        });
    }

    /// <summary>The same for workers that make connections themselves.</summary>
    public static void Share(int size, int count, Action<int> work) => Run(size, worker =>
    {
        for (var i = worker; i < count; i += size)
            work(i);
    });

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
