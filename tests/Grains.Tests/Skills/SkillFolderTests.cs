using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Storage;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Tests.Skills;

/// <summary>Folders of a workspace, and the hashes of what was taken out of them.</summary>
public sealed class SkillFolderTests : IDisposable
{
    private static readonly PackageLimits Limits = PackageLimits.Workspace;

    private readonly string _home = Directory.CreateTempSubdirectory("openclaw-folder-").FullName;
    private readonly string _directory;
    private readonly string _skill;
    private readonly WorkspaceTree _tree;

    public SkillFolderTests()
    {
        _directory = Directory.CreateDirectory(Path.Combine(_home, "content")).FullName;
        _tree = new WorkspaceStore(new StorageOptions { DataDirectory = Path.Combine(_home, "data") }).Open(TenantId.Parse("acme"));
        _skill = Directory.CreateDirectory(Path.Combine(_tree.FilesDirectory, "Projects", "skill")).FullName;
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_folder_is_copied_with_all_that_is_in_it()
    {
        var large = RandomNumberGenerator.GetBytes((2 * 1024 * 1024) + 17);
        Put("SKILL.md", "skill"u8);
        Put("scripts/说明/count.py", large);
        Put(".hidden", "x"u8);
        Put("empty", []);

        Assert.Null(Copy());

        Assert.Equal([".hidden", "SKILL.md", "empty", "scripts/说明/count.py"], Files());
        Assert.True(large.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_directory, "scripts/说明/count.py"))));
    }

    [Fact]
    public void Everybody_may_execute_what_was_copied()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Put("scripts/count.py", "x"u8);

        Assert.Null(Copy());

        Assert.Equal(Mode, File.GetUnixFileMode(Path.Combine(_directory, "scripts")));
        Assert.Equal(Mode, File.GetUnixFileMode(Path.Combine(_directory, "scripts/count.py")));
    }

    [Fact]
    public void A_folder_of_more_than_a_page_is_copied_whole()
    {
        for (var index = 0; index < 2100; index++) Put($"file-{index:d4}", "x"u8);

        Assert.Null(Copy());

        Assert.Equal(2100, Files().Count);
    }

    [Fact]
    public void Links_and_special_files_are_passed_over()
    {
        var secret = Path.Combine(_home, "secret");
        File.WriteAllText(secret, "secret");
        Put("SKILL.md", "skill"u8);
        File.CreateSymbolicLink(Path.Combine(_skill, "link"), secret);
        Directory.CreateSymbolicLink(Path.Combine(_skill, "folder"), _home);
        Run("mkfifo", Path.Combine(_skill, "pipe"));

        Assert.Null(Copy());

        Assert.Equal(["SKILL.md"], Files());
    }

    [Fact]
    public void A_file_of_several_names_is_refused()
    {
        var secret = Path.Combine(_home, "secret");
        File.WriteAllText(secret, "secret");
        Directory.CreateDirectory(Path.Combine(_skill, "scripts"));
        Run("ln", secret, Path.Combine(_skill, "scripts", "hard"));

        var error = Copy();

        Assert.Equal("scripts/hard", error?.File);
        Assert.Equal(PackageReasons.HardLink, error?.Reason);
    }

    [Theory]
    [InlineData("con.txt")]
    [InlineData("a:b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a.")]
    [InlineData("a ")]
    public void A_folder_with_a_wrong_name_is_refused(string name)
    {
        Put("scripts/" + name, "x"u8);

        Assert.Equal(PackagePaths.Shorten("scripts/" + name), Copy()?.File);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_folder_with_names_that_differ_by_case_alone_is_refused()
    {
        Put("README.md", "x"u8);
        Put("readme.md", "x"u8);

        Assert.Equal("readme.md", Copy()?.File);
    }

    [Fact]
    public void A_folder_that_is_nested_too_deep_is_refused()
    {
        Put(string.Join('/', Enumerable.Repeat("a", 33)), "x"u8);

        Assert.NotNull(Copy());
    }

    [Fact]
    public void A_folder_of_too_many_files_is_refused()
    {
        foreach (var name in new[] { "a", "b", "c" }) Put(name, "x"u8);

        Assert.Equal(PackageReasons.TooManyFiles(2), Copy(Limits with { MaxFiles = 2 })?.Reason);
        Assert.True(Files().Count <= 2);
    }

    [Fact]
    public void A_folder_of_just_as_many_files_and_bytes_as_may_be_is_copied()
    {
        Put("a", new byte[600]);
        Put("b", new byte[400]);

        Assert.Null(Copy(new PackageLimits(2, 1000)));
    }

    [Fact]
    public void A_folder_of_too_many_bytes_is_refused()
    {
        Put("a", new byte[600]);
        Put("b", new byte[401]);

        Assert.Equal(PackageReasons.TooManyBytes(1000), Copy(new PackageLimits(2, 1000))?.Reason);
        Assert.True(Files().Sum(path => new FileInfo(Path.Combine(_directory, path)).Length) <= 1000);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused() =>
        Assert.Equal(
            PackageReasons.Unreadable,
            SkillFolder.Copy(_tree, WorkspacePath.Parse("/Projects/other"), _directory, Limits, TestContext.Current.CancellationToken)?.Reason);

    [Fact]
    public void A_copy_that_is_cancelled_stops()
    {
        Put("a", "x"u8);

        Assert.Throws<OperationCanceledException>(() => SkillFolder.Copy(_tree, At, _directory, Limits, new CancellationToken(canceled: true)));
        Assert.Empty(Files());
    }

    [Fact]
    public void The_fingerprint_is_that_of_the_registry()
    {
        Write("b.md", "two");
        Write("Z/a.md", "one");
        Write(".env", "left out");
        Write("b/.git/config", "left out");

        // The lines path:sha256(file) in the order of their bytes.
        var lines = $"Z/a.md:{Sha256("one")}\nb.md:{Sha256("two")}";
        Assert.Equal(Sha256(lines), SkillFolder.Fingerprint(_directory));
    }

    [Fact]
    public void The_same_content_has_the_same_hash()
    {
        Write("b", "two");
        Write("a", "one");
        var first = SkillFolder.ContentHash(_directory);
        Directory.Delete(_directory, recursive: true);
        Write("a", "one");
        Write("b", "two");

        Assert.Equal(first, SkillFolder.ContentHash(_directory));
        Assert.Matches("^[0-9a-f]{64}$", first);
    }

    [Fact]
    public void Whatever_differs_changes_the_hash()
    {
        Write("a", "one");
        var hashes = new List<string> { SkillFolder.ContentHash(_directory) };
        Write("a", "two");
        hashes.Add(SkillFolder.ContentHash(_directory));
        Write(".env", "");
        hashes.Add(SkillFolder.ContentHash(_directory));
        File.Move(Path.Combine(_directory, "a"), Path.Combine(_directory, "b"));
        hashes.Add(SkillFolder.ContentHash(_directory));
        if (!OperatingSystem.IsWindows())
        {
            var file = Path.Combine(_directory, "b");
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
            hashes.Add(SkillFolder.ContentHash(_directory));
        }

        Assert.Equal(hashes.Count, hashes.Distinct(StringComparer.Ordinal).Count());
    }

    private static WorkspacePath At => WorkspacePath.Parse("/Projects/skill");

    private SkillPackageError? Copy(PackageLimits? limits = null) =>
        SkillFolder.Copy(_tree, At, _directory, limits ?? Limits, TestContext.Current.CancellationToken);

    /// <summary>Straight into the workspace, as a command of the tenant does it.</summary>
    private void Put(string path, ReadOnlySpan<byte> content) => WriteTo(Path.Combine(_skill, path), content);

    private void Write(string path, string content) => WriteTo(Path.Combine(_directory, path), Encoding.UTF8.GetBytes(content));

    private static void WriteTo(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private List<string> Files() =>
    [
        .. Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_directory, path))
            .Order(StringComparer.Ordinal),
    ];

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Runs a program of the system that makes what .NET cannot.</summary>
    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
