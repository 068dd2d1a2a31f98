using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tests.Cluster;

namespace OpenClaw.Grains.Tests.Tenants;

public sealed class TenantServicesTests
{
    [Fact]
    public void Limits_come_from_the_configuration()
    {
        var limits = Options(("OpenClaw:Limits:MessagesPerMinute", "7"), ("OpenClaw:Limits:SkillsPerMinute", "8")).ToLimits();

        Assert.Equal((7, 8, 200), (limits.MessagesPerMinute, limits.SkillsPerMinute, limits.FilesPerMinute));
        Assert.Equal((10_737_418_240, 100, 4), (limits.StorageBytes, limits.ConcurrentTurns, limits.ConcurrentCommands));
        Assert.Null(limits.MonthlyTokens);
    }

    [Theory]
    [InlineData("MessagesPerMinute", "0")]
    [InlineData("FilesPerMinute", "10000001")]
    [InlineData("StorageBytes", "-1")]
    [InlineData("ConcurrentTurns", "0")]
    public void A_limit_outside_its_range_is_refused_by_its_name(string name, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Options(($"OpenClaw:Limits:{name}", value)));

        Assert.Contains($"OpenClaw:Limits:{name}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_does_not_start_with_an_admin_key_that_no_client_could_send()
    {
        using var directory = new TestDirectory();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestSilo.StartAsync(
            directory.Path, settings: new Dictionary<string, string?> { ["OpenClaw:BootstrapApiKey"] = "钥匙" }));

        Assert.Contains("OpenClaw:BootstrapApiKey", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_starts_makes_the_configured_admin_key()
    {
        using var directory = new TestDirectory();
        await using var silo = await TestSilo.StartAsync(directory.Path);

        var key = await silo.ApiKey(TestSilo.AdminKey).Authenticate(TenantTest.Token);

        Assert.Equal(("default", Scopes.All), (key!.TenantId, key.Scopes));
    }

    private static LimitOptions Options(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build();
        using var services = new ServiceCollection().AddOpenClawTenants(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<LimitOptions>>().Value;
    }
}
