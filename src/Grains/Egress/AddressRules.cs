using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Grains.Egress;

/// <summary>
/// Tells public addresses from all others, by IANA's registries of special-purpose addresses (RFC 6890 and its successors) and
/// the metadata addresses that cloud providers document.
/// </summary>
public static class AddressRules
{
    private static readonly (IPNetwork Network, AddressReach Reach)[] Rules =
    [
        // Metadata: of most clouds, of Alibaba, of Azure's host; over IPv6 of AWS, Google and Oracle; of Oracle's classic.
        (IPNetwork.Parse("169.254.0.0/16"), AddressReach.Never),
        (IPNetwork.Parse("100.100.100.200/32"), AddressReach.Never),
        (IPNetwork.Parse("168.63.129.16/32"), AddressReach.Never),
        (IPNetwork.Parse("fd00:ec2::/32"), AddressReach.Never),
        (IPNetwork.Parse("fd20:ce::254/128"), AddressReach.Never),
        (IPNetwork.Parse("fd00:c1::a9fe:a9fe/128"), AddressReach.Never),
        (IPNetwork.Parse("192.0.0.0/24"), AddressReach.Never),

        (IPNetwork.Parse("127.0.0.0/8"), AddressReach.Private),
        (IPNetwork.Parse("10.0.0.0/8"), AddressReach.Private),
        (IPNetwork.Parse("172.16.0.0/12"), AddressReach.Private),
        (IPNetwork.Parse("192.168.0.0/16"), AddressReach.Private),
        (IPNetwork.Parse("100.64.0.0/10"), AddressReach.Private),
        (IPNetwork.Parse("::1/128"), AddressReach.Private),
        (IPNetwork.Parse("fc00::/7"), AddressReach.Private),

        // "This" network (0.0.0.0 is loopback to Linux), documentation, benchmarks, relays, multicast, reserved, broadcast.
        (IPNetwork.Parse("0.0.0.0/8"), AddressReach.Never),
        (IPNetwork.Parse("192.0.2.0/24"), AddressReach.Never),
        (IPNetwork.Parse("192.88.99.0/24"), AddressReach.Never),
        (IPNetwork.Parse("198.18.0.0/15"), AddressReach.Never),
        (IPNetwork.Parse("198.51.100.0/24"), AddressReach.Never),
        (IPNetwork.Parse("203.0.113.0/24"), AddressReach.Never),
        (IPNetwork.Parse("224.0.0.0/3"), AddressReach.Never),
        (IPNetwork.Parse("2001::/23"), AddressReach.Never),
        (IPNetwork.Parse("2001:db8::/32"), AddressReach.Never),
        (IPNetwork.Parse("3fff::/20"), AddressReach.Never),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    public static AddressReach ReachOf(IPAddress address)
    {
        if (Inner(address) is { } inner) return ReachOf(inner);
        // A zone says which link an address is of, so it is of a link.
        if (address.AddressFamily is AddressFamily.InterNetworkV6 && address.ScopeId != 0) return AddressReach.Never;
        foreach (var (network, reach) in Rules)
        {
            if (network.Contains(address)) return reach;
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => AddressReach.Public,
            AddressFamily.InterNetworkV6 when GlobalUnicast.Contains(address) => AddressReach.Public,
            _ => AddressReach.Never,
        };
    }

    /// <summary>The IPv4 address that an IPv6 one carries, to which something on the way may send what is sent to it.</summary>
    private static IPAddress? Inner(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return null;
        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6 || Translated.Contains(address)) return new IPAddress(bytes.AsSpan(12));
        if (SixToFour.Contains(address)) return new IPAddress(bytes.AsSpan(2, 4));
        return Compatible.Contains(address) && !IPAddress.IPv6Loopback.Equals(address) ? new IPAddress(bytes.AsSpan(12)) : null;
    }
}
