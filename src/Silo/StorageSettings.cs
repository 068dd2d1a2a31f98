using Microsoft.Extensions.Configuration;
using OpenClaw.Storage;

namespace OpenClaw.Silo;

/// <summary>Reads the database's settings, which stand in two places.</summary>
public static class StorageSettings
{
    /// <summary>The section <c>OpenClaw:Database</c> with <c>OpenClaw:DataDirectory</c>.</summary>
    public static StorageOptions From(IConfiguration configuration)
    {
        var storage = configuration.GetSection("OpenClaw:Database").Get<StorageOptions>() ?? new StorageOptions();
        storage.DataDirectory = configuration["OpenClaw:DataDirectory"] ?? storage.DataDirectory;
        return storage;
    }

    /// <summary>True when several processes may use the database at once.</summary>
    public static bool IsShared(this StorageOptions storage) =>
        !string.Equals(storage.Provider, "sqlite", StringComparison.OrdinalIgnoreCase);
}
