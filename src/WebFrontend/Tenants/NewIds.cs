using System.Security.Cryptography;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>Ids and secrets of tenants and keys, from the system's generator.</summary>
internal static class NewIds
{
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string TenantId() => string.Concat("t-", RandomNumberGenerator.GetString(Base36, 16));

    public static string KeyId() => string.Concat("key-", RandomNumberGenerator.GetString(Base36, 16));

    /// <summary>An API key: <c>oc_</c> and 43 characters of base 62, 256 bits.</summary>
    public static string ApiKey() => string.Concat("oc_", RandomNumberGenerator.GetString(Base62, 43));
}
