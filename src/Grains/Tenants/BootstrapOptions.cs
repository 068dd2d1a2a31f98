namespace OpenClaw.Grains.Tenants;

/// <summary>How the first key comes about. Bound from <c>OpenClaw</c>.</summary>
public sealed class BootstrapOptions
{
    public const string Section = "OpenClaw";

    /// <summary>
    /// Admin key of the tenant <c>default</c>, 1 to 512 visible ASCII characters; unset or empty: one is generated. Counts
    /// at the first start only: later a changed value is not taken, and a warning says so, since a key that was revoked
    /// must not come back by a restart.
    /// </summary>
    public string? BootstrapApiKey { get; set; }

    /// <summary>A generated key's copy for the owner is <c>admin-key</c> in it.</summary>
    public string DataDirectory { get; set; } = "./data";
}
