namespace OpenClaw.Grains.Skills.Registry;

/// <summary>Where skills are installed from. Section <c>OpenClaw:Skills:Registry</c>.</summary>
public sealed class RegistryOptions
{
    public const string Section = "OpenClaw:Skills:Registry";

    public static TimeSpan MinTimeout { get; } = TimeSpan.FromSeconds(1);

    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A server that speaks ClawHub's protocol; it may be in a private network, whatever the egress policy says.</summary>
    public string BaseUrl { get; set; } = "https://clawhub.ai";

    /// <summary>Sent to the address of <see cref="BaseUrl"/> and to no other. Without it the registry's public skills are read.</summary>
    public string? Token { get; set; }

    /// <summary>Of one request, 1 s to 5 min; a download may take five times as long.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
