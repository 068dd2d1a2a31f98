using Microsoft.Extensions.Options;
using OpenClaw.Storage;

namespace OpenClaw.WebFrontend.CommandLine;

/// <summary><c>OpenClaw.WebFrontend backup &lt;folder&gt;</c>: a copy of the embedded database, while the server runs or not.</summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    /// <param name="args">What follows the command's name.</param>
    /// <param name="configuration">The server's own.</param>
    /// <returns>The process's exit code: 0 done, 1 failed, 2 not understood.</returns>
    public static int Run(string[] args, IConfiguration configuration)
    {
        if (args is not [{ Length: > 0 } folder])
        {
            Console.Error.WriteLine("Usage: OpenClaw.WebFrontend backup <folder>");
            return 2;
        }

        var storage = configuration.GetSection("OpenClaw:Database").Get<StorageOptions>() ?? new StorageOptions();
        storage.DataDirectory = configuration["OpenClaw:DataDirectory"] ?? storage.DataDirectory;
        try
        {
            DatabaseBackup.Run(storage, folder);
        }
        catch (Exception failure) when (failure is InvalidOperationException or StorageUnavailableException or OptionsValidationException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }

        Console.WriteLine($"Backed up to {Path.GetFullPath(folder)}. Keep the protection key apart from it; without the key its secrets cannot be read.");
        return 0;
    }
}
