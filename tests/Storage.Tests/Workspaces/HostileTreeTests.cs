using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Storage.Tests.Workspaces;

/// <summary>What a tenant can put into his tree to get at what is not his.</summary>
public sealed partial class HostileTreeTests : WorkspaceTest
{
    [Fact]
    public void A_symbolic_link_leads_nowhere()
    {
        File.CreateSymbolicLink(OnDisk("/file"), SecretPath);
        File.CreateSymbolicLink(OnDisk("/relative"), "../../../secret.txt");
        File.CreateSymbolicLink(OnDisk("/directory"), Path.GetDirectoryName(SecretPath)!);
        File.CreateSymbolicLink(OnDisk("/root"), "/");
        File.CreateSymbolicLink(OnDisk("/proc"), "/proc/self/cwd");
        File.CreateSymbolicLink(OnDisk("/loop"), "loop");
        Write("/Documents/inside.txt", "inside");
        File.CreateSymbolicLink(OnDisk("/inside"), "Documents/inside.txt");

        foreach (var path in new[] { "/file", "/relative", "/directory/secret.txt", "/root/etc/passwd", "/proc/x", "/loop", "/inside" })
        {
            Assert.Equal(WorkspaceError.Link, ErrorOfReading(path));
            Assert.Contains(Tree.Find(At(path)).Error, new[] { WorkspaceError.Link, WorkspaceError.NotDirectory });
        }

        foreach (var path in new[] { "/directory", "/root", "/proc" })
        {
            Assert.NotEqual(WorkspaceError.None, Tree.List(At(path), null, 10).Error);
            Assert.NotEqual(WorkspaceError.None, Tree.Search(At(path), Everything, TimeProvider.System).Error);
            Assert.NotEqual(WorkspaceError.None, Tree.Write(At(path + "/secret.txt"), "x"u8, null, Room).Error);
            Assert.NotEqual(WorkspaceError.None, Tree.Delete(At(path + "/secret.txt"), recursive: true).Error);
            Assert.NotEqual(WorkspaceError.None, Tree.Move(At(path + "/secret.txt"), At("/got.txt"), Room).Error);
            Assert.NotEqual(WorkspaceError.None, Tree.Move(At("/Documents/inside.txt"), At(path + "/got.txt"), Room).Error);
        }

        Assert.Equal(["/Documents", "/Downloads", "/Projects"], Tree.List(WorkspacePath.Root, null, 100).Value.Entries.Select(entry => entry.Path));
        Assert.Equal(["/Documents/inside.txt"], Tree.Search(WorkspacePath.Root, Everything, TimeProvider.System).Value!.Files.Select(hit => hit.File.Path));
    }

    [Fact]
    public void A_write_to_a_link_replaces_the_link_and_a_deletion_removes_it()
    {
        File.CreateSymbolicLink(OnDisk("/a"), SecretPath);
        File.CreateSymbolicLink(OnDisk("/b"), Path.GetDirectoryName(SecretPath)!);

        Assert.True(Tree.Write(At("/a"), "mine"u8, null, Room).IsSuccess);
        Assert.True(Tree.Delete(At("/b"), recursive: true).IsSuccess);

        Assert.Equal("mine", Read("/a"));
        Assert.Equal(Secret, File.ReadAllText(SecretPath));
    }

    [Fact]
    public void A_hard_link_is_not_read_and_a_write_breaks_it()
    {
        Run("ln", SecretPath, OnDisk("/hard"));

        Assert.Equal(WorkspaceError.HardLink, ErrorOfReading("/hard"));
        Assert.Equal(WorkspaceError.HardLink, Tree.Find(At("/hard")).Error);
        Assert.Empty(Tree.Search(WorkspacePath.Root, Everything with { Text = "nobody" }, TimeProvider.System).Value!.Files);
        Assert.True(Tree.Write(At("/hard"), "mine"u8, null, Room).IsSuccess);
        Assert.Equal(Secret, File.ReadAllText(SecretPath));
    }

    [Fact]
    public void Pipes_sockets_and_devices_are_refused_and_hold_nobody_up()
    {
        Run("mkfifo", OnDisk("/pipe"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(OnDisk("/socket")));

        Assert.Equal(WorkspaceError.NotFile, ErrorOfReading("/pipe"));
        Assert.Equal(WorkspaceError.NotFile, ErrorOfReading("/socket"));
        Assert.Equal(WorkspaceError.NotFile, Tree.Find(At("/pipe")).Error);
        if (Environment.IsPrivilegedProcess)
        {
            Run("mknod", OnDisk("/device"), "c", "1", "5");
            Assert.Equal(WorkspaceError.NotFile, ErrorOfReading("/device"));
        }

        Assert.Equal(3, Tree.List(WorkspacePath.Root, null, 100).Value.Entries.Count);
        Assert.Empty(Tree.Search(WorkspacePath.Root, Everything with { Text = "x" }, TimeProvider.System).Value!.Files);
    }

    [Fact]
    public async Task Swapping_a_directory_for_a_link_while_it_is_used_leads_nobody_out()
    {
        Write("/a/secret.txt", "mine");
        File.CreateSymbolicLink(OnDisk("/b"), Path.GetDirectoryName(SecretPath)!);
        using var stopped = new CancellationTokenSource();
        var swaps = 0;
        var swap = Task.Run(() =>
        {
            while (!stopped.IsCancellationRequested)
            {
                Assert.Equal(0, Exchange(AtWorkingDirectory, OnDisk("/a"), AtWorkingDirectory, OnDisk("/b"), ExchangeNames));
                swaps++;
            }
        }, TestContext.Current.CancellationToken);

        var (served, refused) = (0, 0);
        for (var i = 0; i < 20_000 || (served == 0 || refused == 0) && i < 1_000_000; i++)
        {
            var read = Tree.Read(At("/a/secret.txt"), 0, null, 1000);
            if (read.IsSuccess)
            {
                served++;
                Assert.NotEqual(Secret, Encoding.UTF8.GetString(read.Value.Content));
            }
            else
            {
                refused++;
            }

            if (i % 20 != 0) continue;
            Assert.DoesNotContain(Tree.List(At("/a"), null, 10).Value.Entries ?? [], entry => entry.Path.EndsWith("workspaces", StringComparison.Ordinal));
            Tree.Write(At("/a/secret.txt"), "mine"u8, null, Room);
        }

        await stopped.CancelAsync();
        await swap;
        Assert.True(swaps > 0 && served > 0 && refused > 0, $"{swaps} swaps, {served} served, {refused} refused");
        Assert.Equal(Secret, File.ReadAllText(SecretPath));
        Assert.Equal(["secret.txt", "workspaces"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(SecretPath)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_full_disk_is_told_and_leaves_the_old_content()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small disk needs root");
        var disk = Directory.CreateTempSubdirectory("openclaw-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk);
        try
        {
            var tree = new WorkspaceStore(new StorageOptions { DataDirectory = disk }).Open(Tenant);
            Assert.True(tree.Write(At("/a.txt"), "old"u8, null, Room).IsSuccess);

            Assert.Equal(WorkspaceError.NoSpace, tree.Write(At("/a.txt"), new byte[1_000_000], null, Room).Error);

            Assert.Equal("old"u8.ToArray(), tree.Read(At("/a.txt"), 0, null, 100).Value.Content);
            Assert.Equal(new WorkspaceUsage(3, 4), tree.Measure());
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(disk, "workspaces", "acme", "staging")));
        }
        finally
        {
            Run("umount", disk);
            Directory.Delete(disk);
        }
    }

    /// <summary>One rename swaps both, as quick as a tenant's command can be; see renameat2(2).</summary>
    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exchange(int fromDirectory, string from, int toDirectory, string to, uint flags);

    private const int AtWorkingDirectory = -100;
    private const uint ExchangeNames = 2;

    private static TreeQuery Everything { get; } = new(GlobPattern.TryParse("*")!, null, 1000, null);
}
