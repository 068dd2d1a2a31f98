using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Egress;

/// <summary>
/// What may be reached on behalf of tenants: looks a name up, checks every address that it has, and connects to one of those
/// very addresses, so that a name that leads elsewhere the next time leads nowhere.
/// </summary>
public sealed class EgressPolicy(IOptions<EgressOptions> options, INetwork network)
{
    /// <summary>Of a URL, in UTF-16 units.</summary>
    public const int MaxUrlLength = 8192;

    private static readonly TimeSpan LookupTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    /// <summary>A URL by its text alone: absolute, http or https, without credentials.</summary>
    /// <param name="url">As the caller wrote it.</param>
    /// <param name="field">Where it stood, for the problem.</param>
    /// <param name="address">The URL, when there is no problem.</param>
    public static Problem? Parse(string url, string field, out Uri address)
    {
        address = null!;
        if (string.IsNullOrWhiteSpace(url)) return Problem.Invalid(field, Reasons.Empty);
        if (url.Length > MaxUrlLength) return Problem.Invalid(field, Reasons.TooLong(MaxUrlLength, "characters"));
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0)
            return Problem.Invalid(field, EgressReasons.NoUrl);
        if (parsed.UserInfo.Length > 0) return Problem.Invalid(field, EgressReasons.Credentials);
        address = parsed;
        return null;
    }

    /// <summary>What stands against reaching a URL now, or null.</summary>
    public async Task<Problem?> CheckAsync(Uri url, string field, CancellationToken cancellationToken)
    {
        try
        {
            await ResolveAsync(url.IdnHost, cancellationToken);
            return null;
        }
        catch (EgressException failure)
        {
            return Problem.Invalid(field, failure.Reason);
        }
    }

    /// <summary>The addresses of a host, each of which may be reached.</summary>
    /// <param name="host">A name or an address, IPv6 with or without brackets.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    /// <exception cref="EgressException">It has none, or one that may not be reached.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses;
        if (IPAddress.TryParse(host, out var literal))
        {
            addresses = [literal];
        }
        else
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(LookupTime);
            try
            {
                addresses = await network.ResolveAsync(host, limit.Token);
            }
            catch (Exception failure) when (failure is SocketException or ArgumentException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new EgressException(EgressFailure.NotResolved, EgressReasons.NotResolved, failure);
            }

            if (addresses.Count == 0) throw new EgressException(EgressFailure.NotResolved, EgressReasons.NotResolved);
        }

        foreach (var address in addresses)
        {
            if (!IsAllowed(address)) throw new EgressException(EgressFailure.Refused, EgressReasons.Refused);
        }

        return addresses;
    }

    /// <summary>Connects to one of a host's addresses, after each has been checked.</summary>
    /// <exception cref="EgressException">It may not be reached, or does not answer within 10 s.</exception>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var address in await ResolveAsync(host, cancellationToken))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ConnectTime);
            try
            {
                return await network.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            }
            catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                last = failure;
            }
        }

        throw new EgressException(EgressFailure.NotConnected, EgressReasons.NotConnected, last);
    }

    /// <summary>What listens on this machine is no more public than what listens on its loopback.</summary>
    private bool IsAllowed(IPAddress address) => AddressRules.ReachOf(address) switch
    {
        AddressReach.Public => options.Value.AllowPrivateNetworks || !network.IsOwn(address),
        AddressReach.Private => options.Value.AllowPrivateNetworks,
        _ => false,
    };
}
