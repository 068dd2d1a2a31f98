using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using Orleans.Storage;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// At first start, makes the tenant <c>default</c> and its admin key. A configured key that is another than at the start
/// before takes that one's place: whoever can set it owns the installation, and may have lost every key. Runs at every
/// start of a silo and in several at once; the tenant's grain lets one of them win.
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
                await ReplaceAsync(tenant, ApiKeySecret.Hash(configured), cancellationToken);
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
        var key = KeyOf(hash);
        var info = new TenantInfo(TenantId.Default.Value, TenantName, key.CreatedAt);
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

    private async Task ReplaceAsync(ITenantRecord tenant, string hash, CancellationToken cancellationToken)
    {
        if (!await tenant.ReplaceBootstrapKey(KeyOf(hash), hash, cancellationToken))
        {
            LogConfiguredKeyRefused();
            return;
        }

        // The owner's copy, where there is one, is of a key that opens nothing any more.
        file.Delete();
        LogReplaced();
    }

    private ApiKeyInfo KeyOf(string hash) => new()
    {
        // Of the hash, so that processes which start with the same key make one key.
        KeyId = string.Concat("key-", hash.AsSpan(0, KeyIdHashLength)),
        TenantId = TenantId.Default.Value,
        Name = KeyName,
        Scopes = Scopes.All,
        CreatedAt = time.GetUtcNow(),
    };

    [LoggerMessage(4020, LogLevel.Information, "First start: the tenant default and its admin key were made")]
    private partial void LogMade();

    [LoggerMessage(4021, LogLevel.Warning,
        "OpenClaw:BootstrapApiKey was revoked, or was made as another key, and is not taken; set a key that was never used")]
    private partial void LogConfiguredKeyRefused();

    [LoggerMessage(4022, LogLevel.Warning,
        "OpenClaw:BootstrapApiKey is another than at the start before: it is an admin key of the tenant default now, and the one before is revoked")]
    private partial void LogReplaced();
}
