namespace OpenClaw.Grains.Secrets;

/// <summary>The key that encrypts the database's protection keys. Section <c>OpenClaw:DataProtection</c>.</summary>
public sealed class DataProtectionSettings
{
    public const string Section = "OpenClaw:DataProtection";

    /// <summary>32 random bytes in base64, the same on all processes. Unset: the one in <see cref="FileName"/>, made when it is first needed.</summary>
    public string? Key { get; set; }

    /// <summary>Keys that were <see cref="Key"/> before: what they encrypted can still be read.</summary>
    public IList<string> PreviousKeys { get; } = [];

    /// <summary>In the data directory, readable by its owner alone.</summary>
    internal const string FileName = "protection-key";

    internal string DataDirectory { get; set; } = "./data";

    /// <summary>Other processes may use the same database, and then need the same key.</summary>
    internal bool IsShared { get; set; }
}
