using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Secrets;
using OpenClaw.Storage;
using OpenClaw.Storage.Secrets;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Secrets;

public abstract class SecretProtectorTests(DatabaseKind kind) : IAsyncLifetime
{
    public sealed class OnSqlite() : SecretProtectorTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : SecretProtectorTests(DatabaseKind.Postgres);

    private const string Secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD-密钥";

    private static readonly SecretPurpose Purpose = new(TenantId.Parse("acme"), SecretKind.Webhook);

    private readonly string _directory = Directory.CreateTempSubdirectory("openclaw-secrets-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly List<ServiceProvider> _processes = [];
    private string? _connectionString;

    private string KeyFile => Path.Combine(_directory, "protection-key");

    public async ValueTask InitializeAsync()
    {
        if (kind == DatabaseKind.Postgres)
            _connectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await DatabaseMigrator.MigrateAsync(Options(), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_secret_is_read_by_another_process_with_the_same_key()
    {
        var key = KeyEncryptionKey.Generate();

        var stored = Start(key).Protect(Purpose, Secret);

        Assert.DoesNotContain("whsec", stored, StringComparison.Ordinal);
        Assert.Equal(Secret, Start(key).Unprotect(Purpose, stored));
    }

    [Fact]
    public void Processes_that_make_their_first_key_at_once_read_each_others_secrets()
    {
        var key = KeyEncryptionKey.Generate();
        var processes = Enumerable.Range(0, 4).Select(_ => Start(key)).ToArray();

        var stored = processes.AsParallel().WithDegreeOfParallelism(4).Select(process => process.Protect(Purpose, Secret)).ToArray();

        // Each has only its own view of the keys so far; the first text that it cannot read makes it look again.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.All(processes, process => Assert.All(stored, text => Assert.Equal(Secret, process.Unprotect(Purpose, text))));
    }

    [Fact]
    public void Without_a_configured_key_the_first_secret_makes_one_that_only_its_owner_reads()
    {
        var process = Start(null);
        Assert.False(File.Exists(KeyFile));

        var stored = process.Protect(Purpose, Secret);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(Secret, Start(null).Unprotect(Purpose, stored));
        Assert.Equal(Secret, Start(File.ReadAllText(KeyFile).TrimEnd()).Unprotect(Purpose, stored));
    }

    [Fact]
    public void A_secret_is_not_read_for_another_tenant_or_kind_or_when_it_was_changed()
    {
        var process = Start(KeyEncryptionKey.Generate());
        var stored = process.Protect(Purpose, Secret);
        var changed = string.Concat(stored.AsSpan(0, stored.Length - 4), stored[^4] == 'A' ? "B" : "A", stored.AsSpan(stored.Length - 3));

        Assert.Throws<SecretProtectionException>(() => process.Unprotect(Purpose with { Tenant = TenantId.Parse("other") }, stored));
        Assert.Throws<SecretProtectionException>(() => process.Unprotect(Purpose with { Kind = SecretKind.Skill }, stored));
        Assert.Throws<SecretProtectionException>(() => process.Unprotect(Purpose, changed));
        Assert.Throws<SecretProtectionException>(() => process.Unprotect(Purpose, "not protected at all"));
    }

    [Fact]
    public async Task Another_key_fails_with_what_to_set_and_adds_nothing_to_the_database()
    {
        var stored = Start(KeyEncryptionKey.Generate()).Protect(Purpose, Secret);
        var stranger = Start(KeyEncryptionKey.Generate());

        var reading = Assert.Throws<SecretProtectionException>(() => stranger.Unprotect(Purpose, stored));
        var writing = Assert.Throws<SecretProtectionException>(() => stranger.Protect(Purpose, Secret));

        Assert.All([reading, writing], failure => Assert.Contains("OpenClaw:DataProtection:Key", failure.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, reading.ToString(), StringComparison.Ordinal);
        Assert.Single(await KeysAsync());
    }

    [Fact]
    public void A_key_that_was_replaced_still_reads_what_it_protected()
    {
        var (old, now) = (KeyEncryptionKey.Generate(), KeyEncryptionKey.Generate());
        var stored = Start(old).Protect(Purpose, Secret);

        var process = Start(now, old);

        Assert.Equal(Secret, process.Unprotect(Purpose, stored));
        Assert.Equal(Secret, Start(now, old).Unprotect(Purpose, process.Protect(Purpose, Secret)));
    }

    [Fact]
    public async Task The_database_holds_no_key_in_the_clear_and_names_the_decryptor_without_a_version()
    {
        Start(KeyEncryptionKey.Generate()).Protect(Purpose, Secret);

        var key = Assert.Single(await KeysAsync());

        Assert.DoesNotContain("masterKey", key.Xml, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"decryptorType=\"{AesGcmXmlDecryptor.StoredName}\"", key.Xml, StringComparison.Ordinal);
        Assert.Equal(typeof(AesGcmXmlDecryptor), Type.GetType(AesGcmXmlDecryptor.StoredName));
    }

    [Fact]
    public void A_key_file_that_holds_something_else_is_left_alone_and_named()
    {
        File.WriteAllText(KeyFile, "something else\n");

        var failure = Assert.Throws<SecretProtectionException>(() => Start(null).Protect(Purpose, Secret));

        Assert.Contains(KeyFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal("something else\n", File.ReadAllText(KeyFile));
    }

    [Theory]
    [InlineData("Key", "c2hvcnQ=")]
    [InlineData("Key", "no base64!")]
    [InlineData("PreviousKeys:0", "c2hvcnQ=")]
    public void A_setting_that_is_no_key_is_refused_by_name(string setting, string value)
    {
        var process = Services(new() { [$"OpenClaw:DataProtection:{setting}"] = value });

        var failure = Assert.Throws<OptionsValidationException>(() => process.GetRequiredService<ISecretProtector>().Protect(Purpose, Secret));

        Assert.Contains($"OpenClaw:DataProtection:{setting} must be 32 random bytes", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, failure.Message, StringComparison.Ordinal);
    }

    private StorageOptions Options() => kind == DatabaseKind.Sqlite
        ? new StorageOptions { DataDirectory = _directory }
        : new StorageOptions { DataDirectory = _directory, Provider = "postgres", ConnectionString = _connectionString };

    private async Task<IReadOnlyList<ProtectionKeyState>> KeysAsync() =>
        await Services([]).GetRequiredService<IProtectionKeyStore>().ListAsync(TestContext.Current.CancellationToken);

    /// <summary>A process on the database, with a key of its own or the file's.</summary>
    private ISecretProtector Start(string? key, string? previous = null) => Services(new()
    {
        ["OpenClaw:DataProtection:Key"] = key,
        ["OpenClaw:DataProtection:PreviousKeys:0"] = previous,
    }).GetRequiredService<ISecretProtector>();

    private ServiceProvider Services(Dictionary<string, string?> settings)
    {
        var given = settings.Where(setting => setting.Value is not null);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(given).Build();
        var process = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_time)
            .AddOpenClawStorage(Options())
            .AddSecretProtection(configuration, Options())
            .BuildServiceProvider();
        _processes.Add(process);
        return process;
    }
}
