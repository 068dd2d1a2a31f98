using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// The owner's copy of a generated admin key: <c>DataDirectory/admin-key</c>, readable by its owner alone. It is written
/// before the key is made, so that no crash leaves a key that nobody knows; the owner may delete it at will.
/// </summary>
internal sealed class AdminKeyFile(IOptions<BootstrapOptions> options)
{
    private const string FileName = "admin-key";

    public string Path { get; } = System.IO.Path.Combine(options.Value.DataDirectory, FileName);

    /// <summary>The key in the file; where there is none, a new one is generated and written.</summary>
    /// <returns>The key, and whether this call wrote it.</returns>
    /// <exception cref="InvalidOperationException">The file holds something else.</exception>
    public (string Key, bool Written) GetOrCreate()
    {
        Directory.CreateDirectory(options.Value.DataDirectory);
        while (true)
        {
            if (TryRead() is { } existing)
                return (existing, false);
            var key = ApiKeySecret.Generate();
            if (TryWrite(key))
                return (key, true);
        }
    }

    public void Delete() => File.Delete(Path);

    private string? TryRead()
    {
        try
        {
            var key = File.ReadAllText(Path).Trim();
            return ApiKeySecret.IsSendable(key)
                ? key
                : throw new InvalidOperationException($"'{Path}' holds no API key; delete it, and a new key is generated.");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Appears whole or not at all. False when another process was first.</summary>
    private bool TryWrite(string key)
    {
        var draft = $"{Path}.{Guid.NewGuid():n}";
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(draft, mode))
            {
                using var text = new StreamWriter(file, leaveOpen: true);
                text.Write(key);
                text.Write('\n');
                text.Flush();
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, Path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(Path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
