using OpenClaw.Storage;
using Orleans.Configuration;

namespace OpenClaw.Silo;

/// <summary>How silos and clients find and watch one another. Figures and their measurement: docs/decisions/0005-failure-detection.md.</summary>
public static class ClusterHosting
{
    /// <summary>The same for every installation: it stands in the keys of grain state and reminders.</summary>
    private const string ServiceId = "openclaw";

    /// <summary>A client that lost its gateways, or started before them, looks for others so often.</summary>
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A call that nobody has answered by then has probably gone to a silo that died: Orleans tells a client nothing of
    /// that. Methods that may take longer say so with <c>ResponseTimeout</c>.
    /// </summary>
    private static readonly TimeSpan ClientResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Joins the cluster of a shared database.</summary>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, ClusterSettings cluster, OrleansDatabase database)
    {
        silo.Configure<ClusterOptions>(options => Identify(options, cluster));
        silo.ConfigureEndpoints(
            cluster.Address,
            cluster.SiloPort ?? ClusterSettings.DefaultSiloPort,
            cluster.GatewayPort ?? ClusterSettings.DefaultGatewayPort);
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = database.Invariant;
            options.ConnectionString = database.ConnectionString;
        });
        return silo.Configure<ClusterMembershipOptions>(options =>
        {
            // Three missed in a row: a silo is declared dead 1.5 to 2.5 s after it died. A pause of the garbage collector
            // or a busy machine costs one or two; Orleans also lengthens the time-out of a silo that is itself late.
            options.ProbeTimeout = TimeSpan.FromMilliseconds(700);
            options.NumMissedProbesLimit = 3;
            // The limit times this is how long a silo that stands still with its connections open counts as alive because of
            // the last message that came from it. By default it is four times the time-out, which makes that 8.4 s.
            options.MaxProbeTimeout = TimeSpan.FromSeconds(1);
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            // Silos that restart often leave rows behind, which each start reads.
            options.DefunctSiloExpiration = TimeSpan.FromHours(1);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        });
    }

    /// <summary>A process without a silo finds the silos of a shared database.</summary>
    public static IClientBuilder JoinCluster(this IClientBuilder client, ClusterSettings cluster, OrleansDatabase database)
    {
        client.Configure<ClusterOptions>(options => Identify(options, cluster));
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = database.Invariant;
            options.ConnectionString = database.ConnectionString;
        });
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh);
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ClientResponseTimeout);
        return client.UseConnectionRetryFilter(static async (_, cancellationToken) =>
        {
            await Task.Delay(GatewayRefresh, cancellationToken);
            return true;
        });
    }

    private static void Identify(ClusterOptions options, ClusterSettings cluster)
    {
        options.ClusterId = cluster.Id;
        options.ServiceId = ServiceId;
    }
}
