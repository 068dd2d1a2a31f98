using System.Security.Cryptography;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>Ids of tenants and keys, from the system's generator.</summary>
internal static class NewIds
{
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";

    public static string TenantId() => string.Concat("t-", RandomNumberGenerator.GetString(Base36, 16));

    public static string KeyId() => string.Concat("key-", RandomNumberGenerator.GetString(Base36, 16));
}
