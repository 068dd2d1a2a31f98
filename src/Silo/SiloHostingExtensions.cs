using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpenClaw.Grains.Browser;
using OpenClaw.Grains.Commands;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Events;
using OpenClaw.Grains.Memory;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Secrets;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.Skills;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Streaming;
using OpenClaw.Grains.Tasks;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Grains.Workspaces;
using OpenClaw.Silo.Browser;
using OpenClaw.Silo.Commands;
using OpenClaw.Silo.Diagnostics;
using OpenClaw.Storage;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace OpenClaw.Silo;

public static class SiloHostingExtensions
{
    /// <summary>Turns leave within <see cref="SessionOptions.DrainTime"/>; the grains' deactivation comes on top.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Adds a silo with all of OpenClaw's grains to the host. With <c>sqlite</c> it is a cluster of its own; with
    /// <c>postgres</c> it joins the cluster of its database.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting cannot be used; the message names it.</exception>
    public static IHostApplicationBuilder AddOpenClawSilo(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var cluster = ClusterSettings.From(configuration);
        var storage = StorageSettings.From(configuration);
        var load = LoadSettings.From(configuration);

        // Hosted services start in the order of their registration: the silo, then the watchdog.
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(storage);
        builder.Services.AddOpenClawStorage(storage);
        builder.Services.AddSecretProtection(configuration, storage);
        builder.Services.AddOpenClawModels(configuration);
        // Nothing goes on elsewhere when an embedded server stops, so it does not keep its owner waiting.
        if (!storage.IsShared()) builder.Services.Configure<SessionOptions>(options => options.DrainTime = TimeSpan.Zero);
        else builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddOpenClawSessions(configuration);
        builder.Services.AddOpenClawEvents();
        builder.Services.AddOpenClawMemory(configuration);
        builder.Services.AddOpenClawWorkspaces(configuration);
        builder.Services.AddOpenClawCommands(configuration);
        builder.Services.AddSingleton<ISandbox, BubblewrapSandbox>();
        builder.Services.AddOpenClawEgress(configuration);
        builder.Services.AddOpenClawSkills(configuration);
        builder.Services.AddOpenClawWebhooks(configuration);
        builder.Services.AddOpenClawTasks(configuration);
        builder.Services.AddOpenClawBrowser(configuration);
        builder.Services.AddSingleton<ChromiumBrowser>();
        builder.Services.AddSingleton<IBrowser>(services => services.GetRequiredService<ChromiumBrowser>());
        builder.Services.AddHostedService(services => services.GetRequiredService<ChromiumBrowser>());
        builder.UseOrleans(silo =>
        {
            var database = OrleansDatabase.For(storage);
            if (storage.IsShared())
            {
                silo.JoinCluster(cluster, database);
                silo.AddSessionDirectory(cluster);
            }
            else
            {
                silo.UseLocalhostClustering(
                    Port(cluster.SiloPort, ClusterSettings.DefaultSiloPort),
                    Port(cluster.GatewayPort, ClusterSettings.DefaultGatewayPort),
                    serviceId: "openclaw",
                    clusterId: cluster.Id);
            }

            silo.AddAdoNetGrainStorage(StateStorage.Database, options =>
            {
                options.Invariant = database.Invariant;
                options.ConnectionString = database.ConnectionString;
            });
            silo.AddStateStorage();
            silo.UseSystemTextJsonGrainStorageSerializer();
            silo.UseAdoNetReminderService(options =>
            {
                options.Invariant = database.Invariant;
                options.ConnectionString = database.ConnectionString;
            });
            // Its filters stand in every grain call's way, so they are there only when traces go somewhere.
            if (Tracing.IsOn(configuration)) silo.AddActivityPropagation();
            silo.AddSessionStreams();
            silo.Configure<LoadSheddingOptions>(load.Apply);
            silo.Configure<GrainCollectionOptions>(load.Apply);
            // Its live log would show what is in the log of every tenant.
            if (DashboardSettings.From(configuration).Enabled) silo.AddDashboard(options => options.HideTrace = true);
        });
        builder.Services.AddOpenClawTenants(configuration);
        builder.Services.AddSessionWatchdog();
        return builder;
    }

    /// <summary>
    /// Brings the database up to date; to be called between building the host and running it. Takes an embedded
    /// database's directory for this process.
    /// </summary>
    /// <exception cref="InvalidOperationException">The data directory cannot be written, or another server has it.</exception>
    /// <exception cref="DatabaseVersionException">The database was written by a newer version.</exception>
    public static async Task PrepareOpenClawDatabaseAsync(this IHost host)
    {
        var storage = host.Services.GetRequiredService<StorageOptions>();
        if (!storage.IsShared())
        {
            var time = host.Services.GetRequiredService<TimeProvider>();
            var held = DataDirectoryLock.Acquire(storage.DataDirectory, time);
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(held.Dispose);
        }

        await DatabaseMigrator.MigrateAsync(storage, CancellationToken.None);
    }

    /// <summary>An embedded silo has no peers, so any port serves when the usual one is taken.</summary>
    private static int Port(int? configured, int usual)
    {
        if (configured is { } port) return port;
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, usual));
        }
        catch (SocketException)
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
