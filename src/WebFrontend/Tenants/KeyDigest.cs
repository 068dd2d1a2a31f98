using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>SHA-256 of an API key, or of another secret: what is looked up and cached, so that no key stays in memory.</summary>
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

    /// <summary>What <see cref="ToHex"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no digest.</exception>
    public static KeyDigest Parse(string hex) => hex.Length == 2 * SHA256.HashSizeInBytes
        ? new KeyDigest(Part(hex, 0), Part(hex, 16), Part(hex, 32), Part(hex, 48))
        : throw new FormatException("A digest has 64 hexadecimal digits.");

    /// <summary>Lower-case hexadecimal, as the key's grain is named.</summary>
    public string ToHex() => $"{A:x16}{B:x16}{C:x16}{D:x16}";

    private static ulong Part(string hex, int at) => ulong.Parse(hex.AsSpan(at, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
