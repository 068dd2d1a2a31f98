using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.Silo;

/// <summary>Cluster membership. Section <c>OpenClaw:Cluster</c>.</summary>
/// <remarks>The ports are unauthenticated: whoever reaches them is inside. They bind loopback or private addresses only.</remarks>
public sealed class ClusterSettings
{
    public const string Section = "OpenClaw:Cluster";

    public const int DefaultSiloPort = 11111;

    public const int DefaultGatewayPort = 30000;

    public const int DefaultHttpPort = 8081;

    /// <summary>Silos with the same id and database form one cluster.</summary>
    public string Id { get; set; } = "openclaw";

    /// <summary>Silo to silo, 1 to 65535. Null: 11111, or a free port when an embedded server finds it taken.</summary>
    public int? SiloPort { get; set; }

    /// <summary>Front-end to silo, 1 to 65535. Null: 30000, likewise.</summary>
    public int? GatewayPort { get; set; }

    /// <summary>Health and metrics of a stand-alone silo, 1 to 65535. They need no key.</summary>
    public int HttpPort { get; set; } = DefaultHttpPort;

    /// <summary>The address other processes reach this silo at; loopback when unset.</summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <exception cref="InvalidOperationException">A setting cannot be used; the message names it.</exception>
    public static ClusterSettings From(IConfiguration configuration)
    {
        var settings = configuration.GetSection(Section).Get<ClusterSettings>() ?? new ClusterSettings();
        if (settings.Id.Length is 0 or > 100) throw Invalid(nameof(Id), "must have 1 to 100 characters");
        if (settings.SiloPort is < 1 or > 65535) throw Invalid(nameof(SiloPort), "must be 1 to 65535");
        if (settings.GatewayPort is < 1 or > 65535) throw Invalid(nameof(GatewayPort), "must be 1 to 65535");
        if (settings.HttpPort is < 1 or > 65535) throw Invalid(nameof(HttpPort), "must be 1 to 65535");
        if (!IPAddress.TryParse(settings.AdvertisedAddress, out var address) || !IsPrivate(address))
        {
            throw Invalid(
                nameof(AdvertisedAddress),
                "must be a loopback or private IP address, because the cluster's ports are unauthenticated");
        }

        return settings;
    }

    public IPAddress Address => IPAddress.Parse(AdvertisedAddress);

    /// <summary>Loopback, RFC 1918, RFC 4193 unique local, link-local.</summary>
    private static bool IsPrivate(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return true;
        if (address.AddressFamily is AddressFamily.InterNetworkV6) return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        var bytes = address.GetAddressBytes();
        return bytes[0] is 10
            || (bytes[0] is 172 && bytes[1] is >= 16 and <= 31)
            || (bytes[0] is 192 && bytes[1] is 168)
            || (bytes[0] is 169 && bytes[1] is 254);
    }

    private static InvalidOperationException Invalid(string setting, string rule) =>
        new($"The setting {Section}:{setting} {rule}.");
}
