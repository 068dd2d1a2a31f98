using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tenants;
using OpenClaw.Storage;
using Orleans.Serialization;
using Orleans.TestingHost;

namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>One silo in this process on embedded SQLite, its grains under a clock that the test drives.</summary>
/// <remarks>A directory outlives its silo: a second silo on it is a restart.</remarks>
public sealed class TestSilo : IAsyncDisposable
{
    public const string AdminKey = "oc_admin-key-of-the-tests";

    private readonly InProcessTestCluster _cluster;

    private TestSilo(InProcessTestCluster cluster, SignallingClock time)
    {
        _cluster = cluster;
        Time = time;
    }

    /// <summary>What grains and stores go by. The runtime itself goes by real time.</summary>
    public SignallingClock Time { get; }

    /// <summary>Calls as a front-end's would come.</summary>
    public IGrainFactory Grains => _cluster.Client;

    public IServiceProvider Services => _cluster.GetSiloServiceProvider();

    /// <param name="directory">Holds the databases.</param>
    /// <param name="time">The clock, or null for one of its own.</param>
    /// <param name="configure">Replaces services; runs last.</param>
    /// <param name="settings">Configuration beside the data directory and <see cref="AdminKey"/>.</param>
    public static async Task<TestSilo> StartAsync(
        string directory,
        SignallingClock? time = null,
        Action<IServiceCollection>? configure = null,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        time ??= new SignallingClock(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        var storage = new StorageOptions { DataDirectory = directory };
        await DatabaseMigrator.MigrateAsync(storage, CancellationToken.None);
        var database = OrleansDatabase.For(storage);

        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        // States are found by it: a silo of another service on the same directory would see none.
        builder.Options.ServiceId = "openclaw";
        // Exceptions of other namespaces than the framework's cross the wire only when they are named.
        builder.ConfigureHost(host => host.Services.Configure<ExceptionSerializationOptions>(
            options => options.SupportedNamespacePrefixes.Add(nameof(OpenClaw))));
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["OpenClaw:DataDirectory"] = directory,
                ["OpenClaw:BootstrapApiKey"] = AdminKey,
            });
            host.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
            host.Services.AddTestClock(time);
            host.Services.AddOpenClawStorage(storage);
            host.Services.AddOpenClawTenants(host.Configuration);
            host.Services.AddSingleton<IModelGateway, FixedModels>();
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddAdoNetGrainStorage(StateStorage.Database, options =>
            {
                options.Invariant = database.Invariant;
                options.ConnectionString = database.ConnectionString;
            });
            silo.AddStateStorage();
            silo.UseInMemoryReminderService();
            silo.UseSystemTextJsonGrainStorageSerializer();
            configure?.Invoke(silo.Services);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestSilo(cluster, time);
    }

    /// <summary>A tenant that no other test knows.</summary>
    public async Task<TenantId> CreateTenantAsync()
    {
        var id = TenantId.Parse($"t-{Guid.NewGuid():n}");
        var created = await Grains.GetGrain<ITenantGrain>(new TenantKey(id).ToString())
            .Create(new TenantInfo(id.Value, "A tenant", Time.GetUtcNow()), TestContext.Current.CancellationToken);
        Assert.True(created);
        return id;
    }

    /// <summary>Ends the grain's activation; the next call begins another.</summary>
    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    /// <summary>Completes when the grain has no activation that still answers.</summary>
    public async Task DeactivatedAsync(IAddressable grain)
    {
        if (_cluster.TryGetGrainContext(grain.GetGrainId(), out var context))
            await context.Deactivated.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    /// <summary>The silo dies without a word.</summary>
    public Task KillAsync() => _cluster.KillSiloAsync(_cluster.Silos[0]);

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
