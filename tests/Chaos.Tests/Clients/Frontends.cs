using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Chaos.Tests.Clients;

/// <summary>One client of each front-end, for all chats.</summary>
internal sealed class Frontends(ClusterProcesses cluster) : IDisposable
{
    public IReadOnlyList<ApiClient> Clients { get; } =
        [.. Enumerable.Range(0, cluster.Frontends.Count).Select(frontend => cluster.CreateAdminClient(frontend))];

    public void Dispose()
    {
        foreach (var client in Clients)
            client.Dispose();
    }
}
