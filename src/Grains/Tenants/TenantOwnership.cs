using System.Text;

namespace OpenClaw.Grains.Tenants;

/// <summary>Whose a grain is, read off its key.</summary>
internal static class TenantOwnership
{
    /// <summary>
    /// True when the key names a tenant and it is another than the caller's. A tenant's key is <c>tenant/</c>,
    /// <c>tenant/x</c> or <c>tenant/x/...</c> with one small letter x; any other shape (<c>key/hash</c>, Orleans' own
    /// grains, the rendezvous of a stream) belongs to no tenant.
    /// </summary>
    /// <param name="key">The grain's key, UTF-8.</param>
    /// <param name="tenant">The caller's tenant.</param>
    public static bool IsForeign(ReadOnlySpan<byte> key, ReadOnlySpan<char> tenant)
    {
        var slash = key.IndexOf((byte)'/');
        if (slash <= 0)
            return false;
        var rest = key[(slash + 1)..];
        var namesTenant = rest.IsEmpty || (rest[0] is >= (byte)'a' and <= (byte)'z' && (rest.Length == 1 || rest[1] == (byte)'/'));
        return namesTenant && !Ascii.Equals(key[..slash], tenant);
    }
}
