namespace OpenClaw.Grains.State;

/// <summary>A file of one line that its owner alone may read (mode 0600), made once by whoever needs it first.</summary>
/// <param name="path">The file.</param>
/// <param name="isLine">Whether a text is such a line.</param>
/// <param name="newLine">Makes the line of a new file.</param>
/// <param name="cure">What to do about a file that holds something else.</param>
internal sealed class OwnerFile(string path, Func<string, bool> isLine, Func<string> newLine, string cure)
{
    /// <summary>How often a file that another process holds is tried; holding it takes that one a few milliseconds.</summary>
    private const int MaxAttempts = 100;

    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(20);

    public string Path { get; } = path;

    /// <summary>The line in the file; where there is none, a new one is written.</summary>
    /// <returns>The line, and whether this call wrote it.</returns>
    /// <exception cref="InvalidOperationException">The file holds something else.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task<(string Line, bool Written)> GetOrCreateAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
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

    /// <summary>Looks and writes while it holds the file alone: a move that does not replace is not atomic everywhere.</summary>
    private (string Line, bool Written) GetOrCreate()
    {
        var mode = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(Path, mode);
        using var reader = new StreamReader(file, leaveOpen: true);
        var text = reader.ReadToEnd();
        if (isLine(text.TrimEnd()))
            return (text.TrimEnd(), false);
        // Without its line's end the text was cut by a crash, before anybody used it.
        if (text.EndsWith('\n'))
            throw new InvalidOperationException($"'{Path}' {cure}");

        var line = newLine();
        file.SetLength(0);
        using var writer = new StreamWriter(file, leaveOpen: true);
        writer.Write(line);
        writer.Write('\n');
        writer.Flush();
        file.Flush(flushToDisk: true);
        return (line, true);
    }
}
