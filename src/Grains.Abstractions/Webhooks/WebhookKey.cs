using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>Key of a webhook's grain: <c>tenant/w/webhook</c>.</summary>
public readonly record struct WebhookKey(TenantId Tenant, string WebhookId)
{
    private const string Middle = "/w/";

    /// <exception cref="FormatException">The text is not a webhook's key.</exception>
    public static WebhookKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && KeyNames.IsName(key[(at + Middle.Length)..])
            ? new WebhookKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a webhook's key; it must read tenant/w/webhook.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, WebhookId);
}
