using Microsoft.Extensions.Configuration;
using OpenClaw.Silo;

namespace OpenClaw.Grains.Tests.Hosting;

public sealed class ClusterSettingsTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.7")]
    [InlineData("172.16.0.7")]
    [InlineData("172.31.255.7")]
    [InlineData("192.168.1.7")]
    [InlineData("fd00::7")]
    public void The_unauthenticated_ports_bind_a_private_address(string address) =>
        Assert.Equal(address, From(address).Address.ToString());

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("172.15.0.1")]
    [InlineData("192.169.0.1")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("example.com")]
    [InlineData("")]
    public void Any_other_address_stops_the_start_and_is_named(string address)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => From(address));

        Assert.Contains("OpenClaw:Cluster:AdvertisedAddress", failure.Message, StringComparison.Ordinal);
        Assert.Contains("unauthenticated", failure.Message, StringComparison.Ordinal);
    }

    private static ClusterSettings From(string address) => ClusterSettings.From(
        new ConfigurationBuilder().AddInMemoryCollection([new("OpenClaw:Cluster:AdvertisedAddress", address)]).Build());
}
