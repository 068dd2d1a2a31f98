using OpenClaw.Chaos.Tests.Audits;
using OpenClaw.Chaos.Tests.Clients;
using OpenClaw.Chaos.Tests.Faults;
using OpenClaw.ModelServer;
using OpenClaw.Testing;
using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Chaos.Tests;

/// <summary>
/// A cluster in processes of its own whose parts are killed, paused and cut off one after the other while sessions chat.
/// <see cref="ChaosSettings"/> says how long.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ChaosTests(ITestOutputHelper output) : IDisposable
{
    private const int ShownFindings = 40;
    private const int ShownFailures = 5;

    private readonly ChaosSettings _settings = ChaosSettings.FromEnvironment();
    private readonly DirectoryInfo _records = Directory.CreateTempSubdirectory("openclaw-recorder-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_fails_each_message_is_answered_once_and_no_tool_runs_twice()
    {
        output.WriteLine($"OPENCLAW_TEST_SEED={_settings.Seed}");
        if (_settings.Directory is { } directory)
            Directory.CreateDirectory(directory);
        await using var postgres = await PostgresServer.StartAsync();
        await using var models = await ModelServerProcess.StartAsync(keepBodies: false, Cancellation);
        await using var cluster = await ClusterProcesses.StartAsync(Layout(postgres, models), Cancellation);
        using var supervisor = new Supervisor(cluster, _settings.Directory);
        using var killer = new Killer(cluster, postgres, supervisor, _settings);
        using var frontends = new Frontends(cluster);
        var waits = new Waits();
        var clients = Enumerable.Range(0, _settings.Sessions)
            .Select(number => new ChatClient(number, frontends.Clients, waits, _settings.Seed + number))
            .ToList();
        try
        {
            await RunAsync(clients, killer, supervisor);
            var runs = ToolRun.Read(_records.FullName);
            var audit = new RunAudit(frontends.Clients[0], [.. await models.RequestsAsync()], runs);
            await audit.RunAsync(clients, Cancellation);
            var record = ChaosRecord.Write(_settings, killer.Faults, supervisor.Exits, audit, runs.Sum(run => run.Count()), waits);
            Report(record, audit.Findings);
            Assert.True(audit.Findings.Count == 0, string.Join('\n', audit.Findings.Take(ShownFindings)));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                $"Seed {_settings.Seed}. {exception.Message}\nFaults:\n{string.Join('\n', killer.Faults)}\n{string.Join('\n', supervisor.UnexpectedFailures().Take(ShownFailures))}",
                exception);
        }
        finally
        {
            supervisor.SaveOutput();
        }
    }

    public void Dispose() => _records.Delete(recursive: true);

    /// <summary>Faults and chats side by side; each client ends with the answer that it was waiting for.</summary>
    private static async Task RunAsync(List<ChatClient> clients, Killer killer, Supervisor supervisor)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var supervising = supervisor.RunAsync(end.Token);
        var chatting = clients.Select(client => client.RunAsync(stop.Token, Cancellation)).ToList();
        var killing = killer.RunAsync(end.Token);
        try
        {
            await await Task.WhenAny(killing, supervising);
            await stop.CancelAsync();
            await Task.WhenAll(chatting);
            // A silo that starts while PostgreSQL does ends, and is started again.
            await killer.UntilAllAreReadyAsync(Cancellation);
        }
        finally
        {
            await stop.CancelAsync();
            await end.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => supervising);
    }

    private ClusterLayout Layout(PostgresServer postgres, ModelServerProcess models) => new()
    {
        Postgres = postgres,
        SiloProgram = "OpenClaw.Chaos.Silo",
        Environment = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = "key",
            ["OPENAI_BASE_URL"] = models.OpenAIBaseUrl,
            ["OpenClaw__DefaultModel"] = "scripted",
            ["OpenClaw__Limits__MessagesPerMinute"] = "1000000",
            // Who was declared dead by whom, and why not.
            ["Logging__LogLevel__Orleans.Runtime.MembershipService"] = "Information",
            ["Recorder__Directory"] = _records.FullName,
        },
    };

    private void Report(string record, IReadOnlyList<Finding> findings)
    {
        output.WriteLine(record);
        if (_settings.Directory is not { } directory)
            return;
        File.WriteAllText(Path.Combine(directory, "record.md"), record);
        File.WriteAllLines(Path.Combine(directory, "findings.txt"), findings.Select(finding => finding.ToString()));
    }
}
