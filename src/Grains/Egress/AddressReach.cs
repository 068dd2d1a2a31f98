namespace OpenClaw.Grains.Egress;

/// <summary>Where an address leads.</summary>
public enum AddressReach
{
    /// <summary>The public Internet.</summary>
    Public,

    /// <summary>Loopback and private networks: reached where the operator opens them.</summary>
    Private,

    /// <summary>Link-local, cloud metadata, multicast, reserved: never reached.</summary>
    Never,
}
