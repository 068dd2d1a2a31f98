using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tests.Cluster;

namespace OpenClaw.Grains.Tests.Tenants;

/// <summary>Each on a silo of its own, since there is one first start.</summary>
public sealed class TenantBootstrapTests : IAsyncLifetime
{
    private readonly TestDirectory _data = new();
    private readonly TestDirectory _one = new();
    private readonly TestDirectory _other = new();
    private TestSilo? _silo;

    private TestSilo Silo => _silo!;

    /// <summary>A silo that has not had its first start.</summary>
    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_data.Path, configure: services =>
        services.Remove(services.Single(service => service.ImplementationType == typeof(TenantBootstrap))));

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        _data.Dispose();
        _one.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task The_first_start_makes_the_tenant_and_shows_a_generated_key_once()
    {
        var shown = await StartAsync(_one);
        var again = await StartAsync(_one);

        var key = await File.ReadAllTextAsync(KeyFile(_one), TenantTest.Token);
        Assert.Matches(@"\Aoc_[A-Za-z0-9_-]{43}\n\z", key);
        Assert.Equal($"Admin API key (shown once, also in {KeyFile(_one)}): {key}", shown);
        Assert.Equal("", again);
        var info = await Silo.ApiKey(key.Trim()).Authenticate(TenantTest.Token);
        Assert.Equal(("default", Scopes.All), (info!.TenantId, info.Scopes));
        Assert.NotNull(await Silo.Tenant(TenantId.Default).Get(TenantTest.Token));
    }

    [Fact]
    public async Task Only_its_owner_reads_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes.");
        await StartAsync(_one);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile(_one)));
        Assert.Single(Directory.GetFiles(_one.Path));
    }

    [Fact]
    public async Task The_owner_may_delete_the_file()
    {
        await StartAsync(_one);
        File.Delete(KeyFile(_one));

        Assert.Equal("", await StartAsync(_one));
        Assert.False(File.Exists(KeyFile(_one)));
    }

    [Fact]
    public async Task A_configured_key_is_neither_shown_nor_written()
    {
        Assert.Equal("", await StartAsync(_one, "oc_configured"));

        Assert.False(File.Exists(KeyFile(_one)));
        Assert.Equal(Scopes.All, (await Silo.ApiKey("oc_configured").Authenticate(TenantTest.Token))!.Scopes);
    }

    [Fact]
    public async Task A_key_that_is_configured_later_takes_the_place_of_the_first()
    {
        await StartAsync(_one, "oc_first");
        await StartAsync(_one, "oc_second");
        await StartAsync(_other, "oc_second");

        Assert.Equal(Scopes.All, (await Silo.ApiKey("oc_second").Authenticate(TenantTest.Token))!.Scopes);
        Assert.Null(await Silo.ApiKey("oc_first").Authenticate(TenantTest.Token));
        Assert.Single((await Silo.Directory(TenantId.Default).ListApiKeys("default", 10, null, TenantTest.Token)).Keys);
    }

    [Fact]
    public async Task An_owner_who_lost_the_generated_key_comes_in_with_a_configured_one()
    {
        await StartAsync(_one);
        var lost = (await File.ReadAllTextAsync(KeyFile(_one), TenantTest.Token)).Trim();

        Assert.Equal("", await StartAsync(_one, "oc_configured"));

        Assert.NotNull(await Silo.ApiKey("oc_configured").Authenticate(TenantTest.Token));
        Assert.Null(await Silo.ApiKey(lost).Authenticate(TenantTest.Token));
        Assert.False(File.Exists(KeyFile(_one)));
    }

    [Fact]
    public async Task A_process_that_still_has_the_key_before_does_not_bring_it_back()
    {
        await StartAsync(_one, "oc_first");
        await StartAsync(_one, "oc_second");
        await StartAsync(_other, "oc_first");

        Assert.Null(await Silo.ApiKey("oc_first").Authenticate(TenantTest.Token));
        Assert.NotNull(await Silo.ApiKey("oc_second").Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task A_configured_key_that_is_somebody_elses_is_not_taken()
    {
        await StartAsync(_one, "oc_first");
        var other = await Silo.CreateTenantAsync();
        var secret = await Silo.CreateKeyAsync(other);

        await StartAsync(_one, secret);

        Assert.Equal(other.Value, (await Silo.ApiKey(secret).Authenticate(TenantTest.Token))!.TenantId);
        Assert.NotNull(await Silo.ApiKey("oc_first").Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task Keys_made_by_the_api_stay_when_the_first_one_is_replaced()
    {
        await StartAsync(_one, "oc_first");
        var made = await Silo.CreateKeyAsync(TenantId.Default);

        await StartAsync(_one, "oc_second");

        Assert.NotNull(await Silo.ApiKey(made).Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task A_revoked_admin_key_does_not_come_back_by_a_restart()
    {
        await StartAsync(_one, "oc_first");
        await Silo.ApiKey("oc_first").Revoke(TenantTest.Token);

        await StartAsync(_one, "oc_first");

        Assert.Null(await Silo.ApiKey("oc_first").Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task Of_two_processes_that_start_at_once_one_makes_the_key_and_the_other_leaves_none()
    {
        var shown = await Task.WhenAll(StartAsync(_one), StartAsync(_other));

        Assert.Single(shown, text => text.Length > 0);
        var file = Assert.Single(new[] { KeyFile(_one), KeyFile(_other) }, File.Exists);
        var key = (await File.ReadAllTextAsync(file, TenantTest.Token)).Trim();
        Assert.NotNull(await Silo.ApiKey(key).Authenticate(TenantTest.Token));
        Assert.Single((await Silo.Directory(TenantId.Default).ListApiKeys("default", 10, null, TenantTest.Token)).Keys);
    }

    [Fact]
    public async Task Processes_with_one_directory_agree_on_one_key()
    {
        var shown = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => StartAsync(_one))));

        Assert.Single(shown, text => text.Length > 0);
        var key = (await File.ReadAllTextAsync(KeyFile(_one), TenantTest.Token)).Trim();
        Assert.NotNull(await Silo.ApiKey(key).Authenticate(TenantTest.Token));
        Assert.Single(Directory.GetFiles(_one.Path));
    }

    [Fact]
    public async Task A_key_that_a_crash_left_in_the_file_is_the_one_that_is_made()
    {
        var (key, _) = await new AdminKeyFile(OptionsOf(_one, null), TimeProvider.System).GetOrCreateAsync(TenantTest.Token);

        Assert.Contains(key, await StartAsync(_one), StringComparison.Ordinal);
        Assert.NotNull(await Silo.ApiKey(key).Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task A_key_that_a_crash_cut_in_the_file_is_generated_anew()
    {
        await File.WriteAllTextAsync(KeyFile(_one), "oc_half", TenantTest.Token);

        await StartAsync(_one);

        var key = await File.ReadAllTextAsync(KeyFile(_one), TenantTest.Token);
        Assert.Matches(@"\Aoc_[A-Za-z0-9_-]{43}\n\z", key);
        Assert.NotNull(await Silo.ApiKey(key.Trim()).Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task A_file_that_holds_no_key_stops_the_start_with_a_word_why()
    {
        await File.WriteAllTextAsync(KeyFile(_one), "two words\n", TenantTest.Token);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(_one));

        Assert.Contains(KeyFile(_one), error.Message, StringComparison.Ordinal);
        Assert.Null(await Silo.Tenant(TenantId.Default).Get(TenantTest.Token));
    }

    /// <summary>Each opens the file by itself, as a process would.</summary>
    [Fact]
    public async Task Of_many_who_look_for_the_file_at_once_one_writes_it_and_all_read_the_same()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() =>
            new AdminKeyFile(OptionsOf(_one, null), TimeProvider.System).GetOrCreateAsync(TenantTest.Token))));

        Assert.Single(found, file => file.Written);
        Assert.Single(found.Select(file => file.Key).Distinct());
    }

    private static string KeyFile(TestDirectory directory) => Path.Combine(directory.Path, "admin-key");

    private static IOptions<BootstrapOptions> OptionsOf(TestDirectory directory, string? key) =>
        Options.Create(new BootstrapOptions { DataDirectory = directory.Path, BootstrapApiKey = key });

    /// <summary>What a process does at its start, and what its console shows.</summary>
    private async Task<string> StartAsync(TestDirectory directory, string? key = null)
    {
        var options = OptionsOf(directory, key);
        using var console = new StringWriter { NewLine = "\n" };
        await new TenantBootstrap(Silo.Grains, options, new AdminKeyFile(options, TimeProvider.System), Silo.Time, console, NullLogger<TenantBootstrap>.Instance)
            .RunAsync(TenantTest.Token);
        return console.ToString();
    }
}
