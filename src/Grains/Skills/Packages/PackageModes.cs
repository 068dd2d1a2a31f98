namespace OpenClaw.Grains.Skills.Packages;

/// <summary>Rights of a package's files: whoever runs the skill is another user than the server, whatever the server's umask is.</summary>
internal static class PackageModes
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Everybody may read a file, and execute it where it is a program.</summary>
    public static void OpenFile(string path, bool isExecutable)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, isExecutable ? Executable : Plain);
    }

    /// <summary>Everybody may enter the folders in a folder.</summary>
    public static void OpenFolders(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var path in Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories)) File.SetUnixFileMode(path, Executable);
    }
}
