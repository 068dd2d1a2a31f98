using System.Globalization;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Chaos.Tests.Faults;

/// <summary>Starts processes again that have exited, as the service manager of their operators does.</summary>
internal sealed class Supervisor(ClusterProcesses cluster, string? outputDirectory) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<ClusterNode, int> _starts = cluster.Nodes.ToDictionary(node => node, _ => 1);

    /// <summary>Processes that ended by themselves, such as silos that were declared dead while they stood still.</summary>
    public int Exits { get; private set; }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await _gate.WaitAsync(cancellationToken);
            try
            {
                foreach (var node in cluster.Nodes.Where(node => !node.Process.IsRunning))
                {
                    await node.Process.WaitForExitAsync(cancellationToken);
                    Exits++;
                    Restart(node);
                }
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    /// <summary>SIGKILL, and a new start.</summary>
    public async Task KillAsync(ClusterNode node)
    {
        await _gate.WaitAsync();
        try
        {
            // It may have ended by itself just now.
            if (node.Process.IsRunning)
            {
                node.Process.Kill();
                Restart(node);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Keeps what the processes have said since their last start, when there is a directory for it.</summary>
    public void SaveOutput()
    {
        foreach (var node in cluster.Nodes)
            SaveOutput(node);
    }

    /// <summary>What front-ends have said of requests that nobody had expected to fail so, since their last start.</summary>
    public IEnumerable<string> UnexpectedFailures() =>
        cluster.Nodes.SelectMany(node => node.Process.Output.Split('\n')).Where(line => line.Contains("OpenClaw.WebFrontend.Errors.ErrorBoundary[6000]", StringComparison.Ordinal));

    public void Dispose() => _gate.Dispose();

    private void Restart(ClusterNode node)
    {
        SaveOutput(node);
        _starts[node]++;
        node.Process.Launch();
    }

    private void SaveOutput(ClusterNode node)
    {
        if (outputDirectory is null)
            return;
        var name = string.Create(CultureInfo.InvariantCulture, $"{node.Name}.{_starts[node]:000}.log");
        File.WriteAllText(Path.Combine(outputDirectory, name), node.Process.Output);
    }
}
