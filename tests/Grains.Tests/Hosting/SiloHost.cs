using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Grains.Tools;
using OpenClaw.Silo;
using OpenClaw.Storage;
using OpenClaw.Storage.Sessions;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Grains.Tests.Hosting;

/// <summary>
/// The real silo, on embedded SQLite in a directory of its own unless the test says otherwise, with a model that the test
/// speaks for.
/// </summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string? _directory;

    private SiloHost(IHost host, string? directory, ScriptedModels models, RecorderTool recorder, RecorderTool repeatable)
    {
        _host = host;
        _directory = directory;
        Models = models;
        Recorder = recorder;
        Repeatable = repeatable;
    }

    public ScriptedModels Models { get; }

    /// <summary>Not idempotent.</summary>
    public RecorderTool Recorder { get; }

    /// <summary>Idempotent.</summary>
    public RecorderTool Repeatable { get; }

    public ISessionLog Log => _host.Services.GetRequiredService<ISessionLog>();

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static Task<SiloHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(new SiloHostSettings(), settings);

    public static async Task<SiloHost> StartAsync(SiloHostSettings options, params (string Key, string Value)[] settings)
    {
        var own = options.Database is null ? Directory.CreateTempSubdirectory("openclaw-test-").FullName : null;
        var storage = options.Database ?? new StorageOptions { DataDirectory = own! };
        var models = new ScriptedModels();
        var recorder = new RecorderTool("record", idempotent: false);
        var repeatable = new RecorderTool("record_again", idempotent: true);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OpenClaw:DataDirectory"] = storage.DataDirectory,
            ["OpenClaw:Database:Provider"] = storage.Provider,
            ["OpenClaw:Database:ConnectionString"] = storage.ConnectionString,
            ["OpenClaw:BootstrapApiKey"] = "test-key",
            ["OpenClaw:Cluster:SiloPort"] = $"{FreePorts.Take()}",
            ["OpenClaw:Cluster:GatewayPort"] = $"{FreePorts.Take()}",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (options.Time is { } time) builder.Services.AddTestClock(time);
        builder.AddOpenClawSilo();
        builder.Services.AddSingleton<IModelGateway>(models);
        builder.Services.AddSingleton<ITool>(recorder);
        builder.Services.AddSingleton<ITool>(repeatable);
        options.Configure?.Invoke(builder.Services);
        var host = builder.Build();
        // A database that the test names may serve several silos: it was brought up to date before.
        if (own is not null) await host.PrepareOpenClawDatabaseAsync();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new SiloHost(host, own, models, recorder, repeatable);
    }

    /// <summary>Where a tenant's files lie on disk.</summary>
    public string WorkspaceOf(TenantId tenant) => Path.Combine(_directory!, "workspaces", tenant.Value);

    public async Task<TestSession> CreateSessionAsync(CreateSession? command = null)
    {
        var session = Session($"sess-{Guid.NewGuid():n}");
        var created = await session.Grain.Create(command ?? new CreateSession(), TestContext.Current.CancellationToken);
        Assert.Null(created.Problem);
        return session;
    }

    public TestSession Session(string id)
    {
        var key = new SessionKey(TenantId.Default, id);
        return new TestSession(key, Grains.GetGrain<ISessionGrain>(key.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        if (_directory is not null) Directory.Delete(_directory, recursive: true);
    }
}
