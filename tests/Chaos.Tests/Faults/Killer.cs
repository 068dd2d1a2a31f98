using Npgsql;
using OpenClaw.Testing;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Chaos.Tests.Faults;

/// <summary>Brings one fault after the other upon a cluster, each when at least two silos are active again.</summary>
internal sealed class Killer(ClusterProcesses cluster, PostgresServer postgres, Supervisor supervisor, ChaosSettings settings) : IDisposable
{
    private static readonly TimeSpan PauseLength = TimeSpan.FromSeconds(10);

    /// <summary>A cluster that has not two active silos after this long does not recover.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Each round has these in another order.</summary>
    private static readonly FaultKind[] Round =
    [
        FaultKind.KillSilo, FaultKind.KillSilo, FaultKind.PauseSilo, FaultKind.PauseSilo, FaultKind.KillFrontend,
        FaultKind.PauseFrontend, FaultKind.CutConnections, FaultKind.CutConnections, FaultKind.CrashPostgres, FaultKind.RestartPostgres,
    ];

    private readonly Random _random = new(settings.Seed);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly Queue<FaultKind> _next = [];
    private readonly Dictionary<ClusterNode, Task> _pauses = [];

    public List<Fault> Faults { get; } = [];

    /// <summary>Goes on until the run's time is over; then nothing is left paused.</summary>
    /// <exception cref="TimeoutException">The cluster did not recover from a fault.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(settings.Duration);
        try
        {
            while (true)
            {
                await Task.Delay(settings.Interval, end.Token);
                await UntilTwoSilosAreActiveAsync(end.Token);
                await StrikeAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(_pauses.Values);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task UntilTwoSilosAreActiveAsync(CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while ((await Task.WhenAll(cluster.Silos.Select(silo => IsActiveAsync(silo, cancellationToken)))).Count(active => active) < 2)
        {
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"Fewer than two silos are active {Patience} after {Faults.LastOrDefault()}.");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private async Task<bool> IsActiveAsync(ClusterNode silo, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(silo.Process.BaseAddress, "/readyz"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The next fault for which there is a process that neither is stopped nor stands still.</summary>
    private async Task StrikeAsync(CancellationToken cancellationToken)
    {
        foreach (var (node, pause) in _pauses.Where(pause => pause.Value.IsCompleted).ToList())
        {
            await pause;
            _pauses.Remove(node);
        }

        FaultKind kind;
        ClusterNode? target;
        do
        {
            kind = NextKind();
            target = Choose(kind);
        }
        while (target is null);

        var now = TimeProvider.System.GetUtcNow();
        switch (kind)
        {
            case FaultKind.KillSilo or FaultKind.KillFrontend:
                Faults.Add(new Fault(kind, target.Name, now, TimeSpan.Zero));
                await supervisor.KillAsync(target);
                break;
            case FaultKind.PauseSilo or FaultKind.PauseFrontend:
                Faults.Add(new Fault(kind, target.Name, now, PauseLength));
                target.Process.Pause();
                _pauses.Add(target, ContinueLaterAsync(target));
                break;
            case FaultKind.CutConnections:
                Faults.Add(new Fault(kind, target.Name, now, TimeSpan.Zero));
                await CutConnectionsAsync(target.Name, cancellationToken);
                break;
            case FaultKind.CrashPostgres or FaultKind.RestartPostgres:
                Faults.Add(new Fault(kind, "postgres", now, TimeSpan.Zero));
                if (kind is FaultKind.CrashPostgres)
                    postgres.StopImmediately();
                else
                    postgres.StopFast();
                await postgres.ResumeAsync();
                break;
        }
    }

    private FaultKind NextKind()
    {
        if (_next.Count == 0)
        {
            var round = (FaultKind[])Round.Clone();
            _random.Shuffle(round);
            foreach (var kind in round)
                _next.Enqueue(kind);
        }

        return _next.Dequeue();
    }

    private ClusterNode? Choose(FaultKind kind)
    {
        var nodes = kind switch
        {
            FaultKind.KillSilo or FaultKind.PauseSilo => cluster.Silos,
            FaultKind.KillFrontend or FaultKind.PauseFrontend => cluster.Frontends,
            _ => cluster.Nodes,
        };
        var able = nodes.Where(node => node.Process.IsRunning && !_pauses.ContainsKey(node)).ToArray();
        return able.Length > 0 ? able[_random.Next(able.Length)] : null;
    }

    private static async Task ContinueLaterAsync(ClusterNode node)
    {
        await Task.Delay(PauseLength);
        node.Process.Continue();
    }

    private async Task CutConnectionsAsync(string process, CancellationToken cancellationToken)
    {
        // Connections that were kept from before may be broken.
        await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1", connection);
        command.Parameters.AddWithValue(process);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
