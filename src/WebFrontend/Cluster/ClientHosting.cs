using OpenClaw.Grains.Streaming;
using OpenClaw.Silo;
using OpenClaw.Silo.Diagnostics;
using OpenClaw.Storage;

namespace OpenClaw.WebFrontend.Cluster;

/// <summary>Makes the front-end a client of a cluster whose silos run in other processes.</summary>
internal static class ClientHosting
{
    /// <summary>
    /// Adds the cluster's client. It needs the database for the list of gateways alone: sessions, keys and limits are
    /// asked for through grains, and the tables are made by the silos.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting cannot be used; the message names it.</exception>
    public static IHostApplicationBuilder AddOpenClawClient(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var cluster = ClusterSettings.From(configuration);
        var database = OrleansDatabase.For(StorageSettings.From(configuration));
        builder.Services.AddStorageFailures();
        builder.Services.AddRepeatedCalls();
        builder.UseOrleansClient(client =>
        {
            client.JoinCluster(cluster, database);
            client.AddSessionStreams();
            if (Tracing.IsOn(configuration)) client.AddActivityPropagation();
        });
        // The client waits for a first silo as long as it takes, and meanwhile the front-end tells that it is not ready.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        return builder;
    }

    /// <summary>Where other processes' grains are called, calls that their end left without an answer are made again.</summary>
    public static IServiceCollection AddRepeatedCalls(this IServiceCollection services) =>
        services.AddSingleton<IOutgoingGrainCallFilter, RepeatedCalls>();
}
