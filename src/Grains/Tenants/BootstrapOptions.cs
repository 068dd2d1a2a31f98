namespace OpenClaw.Grains.Tenants;

/// <summary>How the first key comes about. Bound from <c>OpenClaw</c>.</summary>
public sealed class BootstrapOptions
{
    public const string Section = "OpenClaw";

    /// <summary>
    /// Admin key of the tenant <c>default</c>, 1 to 512 visible ASCII characters; unset or empty: one is generated
    /// at the first start. A value that is changed later takes the place of the first key, which is revoked: the way back in
    /// for an operator who has lost every admin key. A key that was revoked does not come back by a restart.
    /// </summary>
    public string? BootstrapApiKey { get; set; }

    /// <summary>A generated key's copy for the owner is <c>admin-key</c> in it.</summary>
    public string DataDirectory { get; set; } = "./data";
}
