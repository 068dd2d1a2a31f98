using Npgsql;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Cluster.Tests;

/// <summary>A machine without a core to spare must not look like one that died.</summary>
[Collection(ScriptedClusterCollection.Name), Trait("Category", "Slow")]
public sealed class BusyMachineTests(ScriptedCluster scripted) : ClusterTest
{
    private const int Sessions = 10;

    /// <summary>Long enough for several times the probes that it takes to give up a silo.</summary>
    private const int Words = 200;

    [Fact]
    public async Task No_silo_is_given_up_while_every_core_is_busy()
    {
        var cluster = await scripted.WholeAsync();
        using var client = cluster.CreateAdminClient();
        var dead = await CountDeadAsync(cluster);
        using var enough = new CancellationTokenSource();
        var spinning = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Spin(enough.Token)).ToList();
        try
        {
            var streams = new List<ApiStream>();
            for (var session = 0; session < Sessions; session++)
            {
                var id = await client.CreateSessionAsync(Cancellation);
                streams.Add(await client.StreamMessageAsync(id, AskFor(Words, 100), Cancellation));
            }

            foreach (var stream in streams)
            {
                var frames = await stream.ReadToEndAsync(Cancellation);
                await stream.DisposeAsync();
                Assert.Equal(AnswerOf(Words), Transcript.Of(frames));
                Assert.DoesNotContain(frames, frame => frame.IsStatus("recovering"));
            }
        }
        finally
        {
            await enough.CancelAsync();
            spinning.ForEach(thread => thread.Join());
        }

        Assert.All(cluster.Nodes, node => Assert.True(node.Process.IsRunning, node.Name));
        Assert.Equal(dead, await CountDeadAsync(cluster));
    }

    private static Thread Spin(CancellationToken enough)
    {
        var thread = new Thread(() =>
        {
            while (!enough.IsCancellationRequested)
            {
            }
        });
        thread.Start();
        return thread;
    }

    /// <summary>Silos that were declared dead since the cluster was made.</summary>
    private static async Task<long> CountDeadAsync(ClusterProcesses cluster)
    {
        const int Dead = 6;
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM OrleansMembershipTable WHERE Status = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = Dead });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
