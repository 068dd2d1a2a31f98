using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Secrets;

namespace OpenClaw.Grains.Skills;

/// <summary>A skill's secrets, for an execution.</summary>
internal static class SkillSecrets
{
    /// <summary>Blocks while keys are read for the first time.</summary>
    /// <exception cref="SecretProtectionException">The protection keys cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(ISecretProtector protector, TenantId tenant, IEnumerable<(string Name, string Value)> stored) =>
        stored.ToDictionary(
            secret => secret.Name, secret => protector.Unprotect(new SecretPurpose(tenant, SecretKind.Skill), secret.Value), StringComparer.Ordinal);
}
