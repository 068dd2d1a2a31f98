namespace OpenClaw.Silo;

/// <summary>
/// Keeps a second server off an embedded database: one data directory belongs to one process. The operating system lets
/// go of it however the process ends.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    /// <summary>A server that is being restarted may still be stopping.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <exception cref="InvalidOperationException">The directory cannot be used, or another process has it.</exception>
    public static DataDirectoryLock Acquire(string dataDirectory, TimeProvider time)
    {
        var directory = Path.GetFullPath(dataDirectory);
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.CreateDirectory(directory);
                return new DataDirectoryLock(new FileStream(
                    Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (UnauthorizedAccessException failure)
            {
                throw new InvalidOperationException(
                    $"The data directory '{directory}' cannot be written; change its owner or set OpenClaw:DataDirectory to another one.", failure);
            }
            catch (IOException failure)
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    throw new InvalidOperationException(
                        $"The data directory '{directory}' is in use by another server; stop it or set OpenClaw:DataDirectory to another one.", failure);
                }

                Thread.Sleep(RetryInterval);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
