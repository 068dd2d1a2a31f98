using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Commands;

/// <summary>Key of a command's grain: <c>tenant/c/command</c>.</summary>
public readonly record struct CommandKey(TenantId Tenant, string CommandId)
{
    private const string Middle = "/c/";

    /// <exception cref="FormatException">The text is not a command's key.</exception>
    public static CommandKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && key.Length > at + Middle.Length && TenantId.TryParse(key[..at], out var tenant)
            ? new CommandKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a command's key; it must read tenant/c/command.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, CommandId);
}
