using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Storage;
using OpenClaw.Storage.Secrets;

namespace OpenClaw.Grains.Secrets;

/// <summary>
/// ASP.NET's Data Protection over the database. It is made with the first secret: a process that has none pays nothing at
/// its start.
/// </summary>
internal sealed partial class SecretProtector(
    IProtectionKeyStore store,
    IOptions<DataProtectionSettings> settings,
    TimeProvider time,
    ILoggerFactory loggers) : ISecretProtector, IDisposable
{
    private const string ApplicationName = "openclaw";
    private const string Purpose = "openclaw.secret";

    /// <summary>
    /// A process looks for keys of others once a day by itself. Text that it cannot read makes it look again, but not more
    /// often than this: text that nobody can read must not make it read the database for each try.
    /// </summary>
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = loggers.CreateLogger<SecretProtector>();
    private readonly Lock _gate = new();
    private KeyRing? _ring;

    public string Protect(SecretPurpose purpose, string secret) =>
        Translate(() => ProtectorFor(Current(), purpose).Protect(secret));

    public string Unprotect(SecretPurpose purpose, string protectedSecret)
    {
        var ring = Current();
        try
        {
            return Translate(() => ProtectorFor(ring, purpose).Unprotect(protectedSecret));
        }
        catch (SecretProtectionException) when (time.GetElapsedTime(ring.LoadedAt) >= ReloadInterval)
        {
            return Translate(() => ProtectorFor(Reload(ring), purpose).Unprotect(protectedSecret));
        }
    }

    public void Dispose() => _ring?.Services.Dispose();

    private static IDataProtector ProtectorFor(KeyRing ring, SecretPurpose purpose) =>
        ring.Provider.CreateProtector(Purpose, purpose.Tenant.Value, purpose.Kind.ToString());

    private static string Translate(Func<string> work)
    {
        try
        {
            return work();
        }
        catch (CryptographicException failure) when (failure.InnerException is SecretProtectionException or StorageUnavailableException)
        {
            // Data Protection wraps what its parts throw.
            ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
        catch (CryptographicException failure)
        {
            throw new SecretProtectionException(
                "The secret cannot be read: it was protected for another tenant or another kind, under a key that is gone, or has been changed. Enter it again.",
                failure);
        }
    }

    private KeyRing Current()
    {
        lock (_gate)
            return _ring ??= Load();
    }

    private KeyRing Reload(KeyRing old)
    {
        lock (_gate)
        {
            // The old one is left to the collector: another thread may be using it.
            if (ReferenceEquals(_ring, old))
                _ring = Load();
            return _ring!;
        }
    }

    private KeyRing Load()
    {
        var (keys, newFile) = Task.Run(() => KeyEncryptionKeys.LoadAsync(settings.Value, time, CancellationToken.None)).GetAwaiter().GetResult();
        if (newFile is not null && settings.Value.IsShared)
            LogKeyMade(_logger, newFile);

        // In a container of its own: in the host's it would read the database at every start.
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddSingleton(keys);
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new ProtectionKeyRepository(store, keys);
            options.XmlEncryptor = new AesGcmXmlEncryptor(keys);
        });
        var provider = services.BuildServiceProvider();
        return new KeyRing(provider, provider.GetRequiredService<IDataProtectionProvider>(), time.GetTimestamp());
    }

    [LoggerMessage(5300, LogLevel.Warning, "Secrets are protected with a key that this process has made: {File}. Every other process on the same database needs it: set OpenClaw__DataProtection__Key to the file's content on all of them")]
    private static partial void LogKeyMade(ILogger logger, string file);

    private sealed record KeyRing(ServiceProvider Services, IDataProtectionProvider Provider, long LoadedAt);
}
