using OpenClaw.ModelServer;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Cluster.Tests;

/// <summary>Three silos and two front-ends that ask a model server.</summary>
public sealed class ScriptedCluster : IAsyncLifetime
{
    public ModelServerProcess Models { get; private set; } = null!;

    private ClusterProcesses Cluster { get; set; } = null!;

    /// <summary>The cluster with every process running, whatever the test before has left.</summary>
    public async Task<ClusterProcesses> WholeAsync()
    {
        foreach (var node in Cluster.Nodes.Where(node => !node.Process.IsRunning))
            await node.Process.StartAsync(TestContext.Current.CancellationToken);
        return Cluster;
    }

    public async ValueTask InitializeAsync()
    {
        Models = await ModelServerProcess.StartAsync(TestContext.Current.CancellationToken);
        var layout = new ClusterLayout
        {
            Environment = new Dictionary<string, string>
            {
                ["OPENAI_API_KEY"] = "test",
                ["OPENAI_BASE_URL"] = Models.OpenAIBaseUrl,
                ["OpenClaw__DefaultModel"] = "scripted",
                ["OpenClaw__Limits__MessagesPerMinute"] = "100000",
            },
        };
        Cluster = await ClusterProcesses.StartAsync(layout, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        if (Models is not null)
            await Models.DisposeAsync();
    }
}
