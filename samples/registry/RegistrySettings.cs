using System.Text.Json;

namespace OpenClaw.Samples.Registry;

/// <summary><c>registry.json</c>: <c>{"owner": "...", "moderation": {"&lt;slug&gt;": {"verdict": "malicious", ...}}}</c>.</summary>
internal sealed record RegistrySettings
{
    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web);

    public string Owner { get; init; } = "openclaw";

    public Dictionary<string, Moderation> Moderation { get; init; } = [];

    public static RegistrySettings Read(string folder)
    {
        var path = Path.Combine(folder, "registry.json");
        return File.Exists(path) ? JsonSerializer.Deserialize<RegistrySettings>(File.ReadAllText(path), Reading) ?? new() : new();
    }
}

/// <summary>What moderation found of a skill.</summary>
internal sealed record Moderation
{
    public const string Clean = "clean";
    public const string Suspicious = "suspicious";
    public const string Malicious = "malicious";

    /// <summary><see cref="Clean"/>, <see cref="Suspicious"/> or <see cref="Malicious"/>.</summary>
    public string Verdict { get; init; } = Clean;

    public string[] ReasonCodes { get; init; } = [];

    /// <summary>The skill was taken back: installs answer 410.</summary>
    public bool Deleted { get; init; }

    public bool IsBlocked => Verdict == Malicious;
}
