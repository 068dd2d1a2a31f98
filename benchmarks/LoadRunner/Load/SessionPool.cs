using System.Collections.Concurrent;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Load;

/// <summary>New sessions, created ahead of the measurement, as ready requests.</summary>
internal sealed class SessionPool(ApiClient client, LoadPlan plan)
{
    private readonly ConcurrentQueue<byte[]> _requests = new();
    private int _late;

    /// <summary>Sessions that had to be created during the measurement.</summary>
    public int Late => _late;

    /// <summary>Creates sessions of a target over several connections at once.</summary>
    /// <returns>Their ids.</returns>
    public static string[] Create(Target target, int count, string model, int connections = 16)
    {
        var client = new ApiClient(target);
        var ids = new string[count];
        Crew.Share(client, connections, count, (connection, i) => ids[i] = client.CreateSession(connection, model));
        return ids;
    }

    public void Add(IEnumerable<string> sessionIds)
    {
        foreach (var id in sessionIds)
            _requests.Enqueue(client.Message(id, plan.Stream));
    }

    /// <summary>The message to a new session; creates one over <paramref name="connection"/> when none is left.</summary>
    public byte[] Take(HttpConnection connection)
    {
        if (_requests.TryDequeue(out var request))
            return request;
        Interlocked.Increment(ref _late);
        return client.Message(client.CreateSession(connection, plan.Model), plan.Stream);
    }
}
