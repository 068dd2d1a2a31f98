using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Tools;
using OpenClaw.Silo;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Hosting;

/// <summary>The real silo on embedded SQLite in a directory of its own, with a model that the test speaks for.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _directory;

    private SiloHost(IHost host, string directory, ScriptedModels models, RecorderTool recorder, RecorderTool repeatable)
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

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<SiloHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("openclaw-test-").FullName;
        var models = new ScriptedModels();
        var recorder = new RecorderTool("record", idempotent: false);
        var repeatable = new RecorderTool("record_again", idempotent: true);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OpenClaw:DataDirectory"] = directory,
            ["OpenClaw:BootstrapApiKey"] = "test-key",
            ["OpenClaw:Cluster:SiloPort"] = FreePort(),
            ["OpenClaw:Cluster:GatewayPort"] = FreePort(),
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddOpenClawSilo();
        builder.Services.AddSingleton<IModelGateway>(models);
        builder.Services.AddSingleton<ITool>(recorder);
        builder.Services.AddSingleton<ITool>(repeatable);
        var host = builder.Build();
        await host.PrepareOpenClawDatabaseAsync();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new SiloHost(host, directory, models, recorder, repeatable);
    }

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
        Directory.Delete(_directory, recursive: true);
    }

    private static string FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
