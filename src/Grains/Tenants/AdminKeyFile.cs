using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// The owner's copy of a generated admin key: <c>DataDirectory/admin-key</c>, readable by its owner alone. It is written
/// before the key is made, so that no crash leaves a key that nobody knows; the owner may delete it at will.
/// </summary>
internal sealed class AdminKeyFile(IOptions<BootstrapOptions> options, TimeProvider time)
{
    private const string FileName = "admin-key";

    /// <summary>How often a file that another process holds is tried; holding it takes that one a few milliseconds.</summary>
    private const int MaxAttempts = 100;

    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(20);

    public string Path { get; } = System.IO.Path.Combine(options.Value.DataDirectory, FileName);

    /// <summary>The key in the file; where there is none, a new one is generated and written.</summary>
    /// <returns>The key, and whether this call wrote it.</returns>
    /// <exception cref="InvalidOperationException">The file holds something else.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task<(string Key, bool Written)> GetOrCreateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.DataDirectory);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return GetOrCreate();
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                await Task.Delay(AttemptDelay, time, cancellationToken);
            }
        }
    }

    public void Delete() => File.Delete(Path);

    /// <summary>Looks and writes while it holds the file alone: a move that does not replace is not atomic everywhere.</summary>
    private (string Key, bool Written) GetOrCreate()
    {
        var mode = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(Path, mode);
        using var reader = new StreamReader(file, leaveOpen: true);
        var text = reader.ReadToEnd();
        if (ApiKeySecret.IsGenerated(text.TrimEnd()))
            return (text.TrimEnd(), false);
        // Without its line's end the text was cut by a crash, before any key was made of it.
        if (text.EndsWith('\n'))
            throw new InvalidOperationException($"'{Path}' holds no generated API key; delete it, and a new key is generated.");

        var key = ApiKeySecret.Generate();
        file.SetLength(0);
        using var writer = new StreamWriter(file, leaveOpen: true);
        writer.Write(key);
        writer.Write('\n');
        writer.Flush();
        file.Flush(flushToDisk: true);
        return (key, true);
    }
}
