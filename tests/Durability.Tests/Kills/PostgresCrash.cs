using OpenClaw.Testing;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>
/// The database is stopped as by a crash and started again; the server goes on. Some outages are over before the server
/// gives a write up (1.25 s of repetitions), some are not.
/// </summary>
internal sealed class PostgresCrash(PostgresServer postgres, ServerProcess server, Random random) : ICrash
{
    private const double LongestOutage = 2.5;

    public bool ServerSurvives => true;

    public void Strike() => postgres.StopImmediately();

    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await Pause.ForAsync(TimeSpan.FromSeconds(random.NextDouble() * LongestOutage));
        await postgres.ResumeAsync();
        await server.WaitUntilReadyAsync(cancellationToken);
    }
}
