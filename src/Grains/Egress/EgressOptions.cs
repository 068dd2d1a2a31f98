namespace OpenClaw.Grains.Egress;

/// <summary>What the server reaches on behalf of tenants. Section <c>OpenClaw:Egress</c>.</summary>
public sealed class EgressOptions
{
    public const string Section = "OpenClaw:Egress";

    /// <summary>Loopback and private addresses may be reached as well; link-local ones and those of cloud metadata never.</summary>
    public bool AllowPrivateNetworks { get; set; }
}
