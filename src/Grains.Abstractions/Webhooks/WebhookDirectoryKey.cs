using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>Key of a tenant's directory of webhooks: <c>tenant/w</c>.</summary>
public readonly record struct WebhookDirectoryKey(TenantId Tenant)
{
    private const string End = "/w";

    /// <exception cref="FormatException">The text is not a directory's key.</exception>
    public static WebhookDirectoryKey Parse(string key) => key.EndsWith(End, StringComparison.Ordinal) && TenantId.TryParse(key[..^End.Length], out var tenant)
        ? new WebhookDirectoryKey(tenant)
        : throw new FormatException($"'{key}' is not the key of a directory of webhooks; it must read tenant/w.");

    public override string ToString() => Tenant.Value + End;
}
