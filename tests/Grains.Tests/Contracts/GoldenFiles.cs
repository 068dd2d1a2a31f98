namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>Files that hold what some version wrote: <c>0001</c>, <c>0002</c>, ... in a folder, added to and never changed.</summary>
internal static class GoldenFiles
{
    /// <summary>All files of a folder of the test project, oldest first.</summary>
    public static IReadOnlyList<(string Name, string Text)> Read(string folder, string extension) =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, folder), "????" + extension)
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file))),
    ];

    /// <summary>Writes what the next file would hold, for whoever means it. Returns where it lies.</summary>
    public static string Receive(string folder, string extension, string text)
    {
        var path = Path.Combine(AppContext.BaseDirectory, folder, "received" + extension);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
