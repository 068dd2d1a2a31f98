using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using Orleans.Storage;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// At first start, makes the tenant <c>default</c> and its admin key. Runs at every start of a silo and in several at once;
/// the tenant's grain lets one of them win.
/// </summary>
internal sealed partial class TenantBootstrap(
    IGrainFactory grains,
    IOptions<BootstrapOptions> options,
    AdminKeyFile file,
    TimeProvider time,
    [FromKeyedServices(TenantBootstrap.Console)] TextWriter console,
    ILogger<TenantBootstrap> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Names the writer that the owner reads; a secret never goes through the logger.</summary>
    public const string Console = "owner-console";

    private const string TenantName = "default";
    private const string KeyName = "admin";
    private const int KeyIdHashLength = 16;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(TenantBootstrap), ServiceLifecycleStage.Active, RunAsync);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TenantContext.Clear();
        var tenant = grains.GetGrain<ITenantRecord>(new TenantKey(TenantId.Default).ToString());
        var configured = string.IsNullOrEmpty(options.Value.BootstrapApiKey) ? null : options.Value.BootstrapApiKey;
        if (await tenant.FindBootstrap(cancellationToken) is { } earlier)
        {
            if (configured is not null && ApiKeySecret.Hash(configured) != earlier.KeyHash)
                LogConfiguredKeyIgnored();
            return;
        }

        var (key, written) = configured is null ? await file.GetOrCreateAsync(cancellationToken) : (configured, false);
        var hash = ApiKeySecret.Hash(key);
        var outcome = await MakeAsync(tenant, hash, cancellationToken);
        if (outcome.Created && configured is null)
            await console.WriteLineAsync($"Admin API key (shown once, also in {file.Path}): {key}");
        else if (outcome.KeyHash != hash && written)
            file.Delete();
        if (outcome.Created)
            LogMade();
    }

    private async Task<TenantBootstrapOutcome> MakeAsync(ITenantRecord tenant, string hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var info = new TenantInfo(TenantId.Default.Value, TenantName, now);
        var key = new ApiKeyInfo
        {
            // Of the hash, so that processes which start with the same key make one key.
            KeyId = string.Concat("key-", hash.AsSpan(0, KeyIdHashLength)),
            TenantId = TenantId.Default.Value,
            Name = KeyName,
            Scopes = Scopes.All,
            CreatedAt = now,
        };
        try
        {
            return await tenant.Bootstrap(info, key, hash, cancellationToken);
        }
        catch (InconsistentStateException)
        {
            // Another process wrote first; the grain has stepped down and reads anew.
            return await tenant.Bootstrap(info, key, hash, cancellationToken);
        }
    }

    [LoggerMessage(4020, LogLevel.Information, "First start: the tenant default and its admin key were made")]
    private partial void LogMade();

    [LoggerMessage(4021, LogLevel.Warning,
        "OpenClaw:BootstrapApiKey is not the key that the tenant default was made with and is not taken: it counts at the first start only. Make keys with POST /api/admin/tenants/default/keys")]
    private partial void LogConfiguredKeyIgnored();
}
