using System.Diagnostics;

namespace OpenClaw.Durability.Tests.Storage;

/// <summary>A disk of a few megabytes (a tmpfs) that a test can fill and empty. Needs root, to mount it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _filler;

    private SmallDisk(string folder)
    {
        Folder = folder;
        _filler = Path.Combine(folder, "filler");
    }

    public string Folder { get; }

    public static SmallDisk Mount(int megabytes)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Mounting a small disk needs root.");
        var folder = Directory.CreateTempSubdirectory("openclaw-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Leaves not a byte free.</summary>
    public void Fill()
    {
        var page = new byte[4096];
        using var file = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            Assert.True(new DriveInfo(Folder).AvailableFreeSpace < page.Length, "The disk refused a write and is not full.");
        }
    }

    public void Empty() => File.Delete(_filler);

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
