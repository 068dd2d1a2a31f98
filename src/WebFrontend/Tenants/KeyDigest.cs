using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>SHA-256 of an API key: what is looked up and cached, so that no key stays in memory.</summary>
internal readonly record struct KeyDigest(ulong A, ulong B, ulong C, ulong D)
{
    /// <param name="key">At most <see cref="ApiKeySecret.MaxLength"/> characters.</param>
    public static KeyDigest Of(string key)
    {
        Span<byte> utf8 = stackalloc byte[ApiKeySecret.MaxLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);
        return new KeyDigest(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
    }

    /// <summary>Lower-case hexadecimal, as the key's grain is named.</summary>
    public string ToHex() => $"{A:x16}{B:x16}{C:x16}{D:x16}";
}
