using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Silo;

namespace OpenClaw.Benchmarks.Memory;

/// <summary>The product's silo in this process, with the memory asked through its grain.</summary>
internal sealed class MemorySilo : IAsyncDisposable
{
    private readonly IHost _host;

    private MemorySilo(IHost host) => _host = host;

    public static MemorySource Source { get; } = new() { KeyId = "benchmark" };

    public IMemoryNamespaceGrain Memory(string name) =>
        _host.Services.GetRequiredService<IGrainFactory>().GetMemory(new MemoryNamespaceKey(TenantId.Default, name));

    /// <param name="directory">The data directory, kept between two starts.</param>
    /// <param name="postgres">A connection string, or null for SQLite.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<MemorySilo> StartAsync(string directory, string? postgres, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OpenClaw:DataDirectory"] = directory,
            ["OpenClaw:BootstrapApiKey"] = "benchmark-key",
            ["OpenClaw:Browser:Engine"] = "off",
            ["OpenClaw:Database:Provider"] = postgres is null ? "sqlite" : "postgres",
            ["OpenClaw:Database:ConnectionString"] = postgres,
            ["OpenClaw:Secrets:KeyEncryptionKey"] = postgres is null ? null : Convert.ToBase64String(new byte[32]),
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddOpenClawSilo();
        var host = builder.Build();
        await host.PrepareOpenClawDatabaseAsync();
        await host.StartAsync();
        return new MemorySilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
