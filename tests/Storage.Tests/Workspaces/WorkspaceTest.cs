using System.Diagnostics;
using System.Text;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Storage.Tests.Workspaces;

/// <summary>A workspace in a directory of the test's own, with a secret beside it that must never be seen or changed.</summary>
public abstract class WorkspaceTest : IDisposable
{
    protected const string Secret = "what nobody may see";

    protected static readonly WorkspaceUsage Room = new(1_000_000_000, 1_000_000);

    private readonly string _directory = Directory.CreateTempSubdirectory("openclaw-files-").FullName;

    protected WorkspaceTest()
    {
        File.WriteAllText(SecretPath, Secret);
        Store = new WorkspaceStore(new StorageOptions { DataDirectory = _directory });
        Tree = Store.Open(Tenant);
        // The first look makes it.
        Tree.Measure();
    }

    protected static TenantId Tenant { get; } = TenantId.Parse("acme");

    protected WorkspaceStore Store { get; }

    protected WorkspaceTree Tree { get; }

    protected string SecretPath => Path.Combine(_directory, "secret.txt");

    protected string TenantDirectory => Path.Combine(_directory, "workspaces", "acme");

    /// <summary>Where a path of the workspace lies on disk.</summary>
    protected string OnDisk(string path) => Path.Combine(TenantDirectory, "files", path.TrimStart('/'));

    protected static WorkspacePath At(string path) => WorkspacePath.Parse(path);

    protected FileEntry Write(string path, string content)
    {
        var written = Tree.Write(At(path), Encoding.UTF8.GetBytes(content), null, Room);
        Assert.Equal(WorkspaceError.None, written.Error);
        return written.Value.File;
    }

    protected string Read(string path)
    {
        var read = Tree.Read(At(path), 0, null, ReadFile.MaxLength);
        Assert.Equal(WorkspaceError.None, read.Error);
        return Encoding.UTF8.GetString(read.Value.Content);
    }

    protected WorkspaceError ErrorOfReading(string path) => Tree.Read(At(path), 0, null, ReadFile.MaxLength).Error;

    /// <summary>Runs a program of the system that makes what .NET cannot.</summary>
    protected static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
    }

    public void Dispose()
    {
        Assert.Equal(Secret, File.ReadAllText(SecretPath));
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }
}
