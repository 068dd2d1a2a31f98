using System.IO.Compression;
using System.Text;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Tests.Skills;

/// <summary>Archives of unknown origin.</summary>
public sealed class SkillArchiveTests : IDisposable
{
    private static readonly PackageLimits Limits = PackageLimits.Registry;

    private readonly string _home = Directory.CreateTempSubdirectory("openclaw-archive-").FullName;
    private readonly string _directory;

    public SkillArchiveTests() => _directory = Directory.CreateDirectory(Path.Combine(_home, "content")).FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void An_archive_is_unpacked()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000));
        using var zip = Zip(("SKILL.md", "skill"), ("scripts/说明/count.py", text), ("empty", ""));

        Assert.Null(SkillArchive.Extract(zip, _directory, Limits));

        Assert.Equal(["SKILL.md", "empty", "scripts/说明/count.py"], Files());
        Assert.Equal(text, File.ReadAllText(Path.Combine(_directory, "scripts/说明/count.py")));
    }

    [Fact]
    public void An_archive_that_is_written_by_hand_is_unpacked_as_well()
    {
        Assert.Null(Extract(new RawZip().Add("SKILL.md").Add("scripts/", 0x41ed).Add("scripts/count.py")));

        Assert.Equal(["SKILL.md", "scripts/count.py"], Files());
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../x")]
    [InlineData("a/./x")]
    [InlineData("./x")]
    [InlineData("a//x")]
    [InlineData("../")]
    [InlineData("a/../../")]
    [InlineData("C:/x")]
    [InlineData("C:x")]
    [InlineData("a\\x")]
    [InlineData("..\\x")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    public void An_archive_with_a_path_upwards_or_elsewhere_is_refused(string name) => AssertNameRefused(name);

    [Theory]
    [InlineData("CON")]
    [InlineData("prn.txt")]
    [InlineData("a/Aux/x")]
    [InlineData("NUL.tar.gz")]
    [InlineData("COM1")]
    [InlineData("com9.py")]
    [InlineData("LPT1")]
    [InlineData("lpt9")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData("a./x")]
    [InlineData("a<b")]
    [InlineData("a>b")]
    [InlineData("a:b")]
    [InlineData("a\"b")]
    [InlineData("a|b")]
    [InlineData("a?b")]
    [InlineData("a*b")]
    public void An_archive_with_a_name_that_Windows_does_not_take_is_refused(string name) => AssertNameRefused(name);

    [Theory]
    [InlineData("CONSOLE")]
    [InlineData("COM0")]
    [InlineData("a.con")]
    [InlineData("...a")]
    public void A_name_that_only_looks_like_a_wrong_one_is_taken(string name)
    {
        Assert.Null(Extract(new RawZip().Add(name)));

        Assert.Equal([name], Files());
    }

    [Theory]
    [InlineData(255, 1, true)]
    [InlineData(256, 1, false)]
    [InlineData(1, 32, true)]
    [InlineData(1, 33, false)]
    [InlineData(204, 5, true)]
    [InlineData(205, 5, false)]
    public void Names_paths_and_depth_have_a_limit(int nameBytes, int depth, bool isTaken)
    {
        // Bytes, not characters, count.
        var name = (nameBytes % 2 == 0 ? "" : "a") + new string('é', nameBytes / 2);

        var error = Extract(new RawZip().Add(string.Join('/', Enumerable.Repeat(name, depth))));

        Assert.Equal(isTaken, error is null);
        Assert.NotEqual(PackageReasons.NotAnArchive, error?.Reason);
    }

    [Fact]
    public void A_long_name_is_told_shortened()
    {
        var error = Extract(new RawZip().Add("../" + new string('a', 500)));

        Assert.Equal("../" + new string('a', 197), error?.File);
    }

    [Theory]
    [InlineData("link", 0xa1ff)]
    [InlineData("pipe", 0x11a4)]
    [InlineData("character", 0x21a4)]
    [InlineData("block", 0x61a4)]
    [InlineData("socket", 0xc1ed)]
    [InlineData("directory", 0x41ed)]
    [InlineData("link/", 0xa1ff)]
    [InlineData("file/", 0x81a4)]
    public void An_archive_with_a_link_or_a_special_file_is_refused(string name, int mode)
    {
        var error = Extract(new RawZip().Add("SKILL.md").Add(name, mode));

        AssertRefused(name, PackageReasons.NotRegular, error);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("readme.md", "README.md")]
    [InlineData("scripts/a", "Scripts/b")]
    [InlineData("é", "É")]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    [InlineData("a", "a/")]
    [InlineData("a/", "A")]
    public void An_archive_with_two_paths_that_cannot_be_at_once_is_refused(string first, string second)
    {
        var error = Extract(new RawZip().Add(first).Add(second));

        Assert.Equal(second.TrimEnd('/'), error?.File);
        Assert.Contains("is there twice", error!.Reason.English, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public void An_encrypted_file_is_refused()
    {
        var error = Extract(new RawZip().Add("SKILL.md").Add("secret", isEncrypted: true));

        AssertRefused("secret", PackageReasons.Encrypted, error);
    }

    [Fact]
    public void A_file_with_another_checksum_is_refused()
    {
        var error = Extract(new RawZip().Add("SKILL.md", checksum: 1));

        Assert.Equal("SKILL.md", error?.File);
        Assert.Equal(PackageReasons.Damaged, error?.Reason);
    }

    [Fact]
    public void A_file_whose_compressed_content_is_damaged_is_refused()
    {
        using var zip = Zip(("SKILL.md", string.Concat(Enumerable.Range(0, 10_000))));
        var bytes = zip.ToArray();
        bytes[bytes.Length / 2] ^= 0xff;

        Assert.NotNull(SkillArchive.Extract(new MemoryStream(bytes), _directory, Limits));
    }

    [Fact]
    public void What_is_no_archive_is_refused()
    {
        using var whole = Zip(("SKILL.md", new string('a', 1000)));
        foreach (var bytes in new byte[][] { [], "PK"u8.ToArray(), new byte[100_000], whole.ToArray()[..^10], whole.ToArray()[40..] })
        {
            var error = SkillArchive.Extract(new MemoryStream(bytes), _directory, Limits);

            Assert.Null(error?.File);
            Assert.Equal(PackageReasons.NotAnArchive, error?.Reason);
        }
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3000, false)]
    public void An_archive_of_too_many_files_is_refused(int files, bool isTaken)
    {
        var zip = new RawZip();
        for (var index = 0; index < files; index++) zip.Add($"file-{index}");

        var error = Extract(zip, Limits with { MaxFiles = 2 });

        Assert.Equal(isTaken ? null : PackageReasons.TooManyFiles(2), error?.Reason);
        Assert.Equal(isTaken ? 2 : 0, Files().Count);
    }

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    [InlineData(20_000_000, false)]
    public void A_bomb_is_not_unpacked_beyond_the_limit(int bytes, bool isTaken)
    {
        using var zip = Zip(("a", ""), ("bomb", new string('\0', bytes)));
        Assert.True(zip.Length < 100_000);

        var error = SkillArchive.Extract(zip, _directory, Limits with { MaxBytes = 1_000_000 });

        Assert.Equal(isTaken ? null : PackageReasons.TooManyBytes(1_000_000), error?.Reason);
        Assert.True(BytesWritten() <= 1_000_000);
    }

    [Fact]
    public void The_limit_is_of_all_files_together()
    {
        using var zip = Zip(("a", new string('a', 600)), ("b", new string('b', 600)));

        Assert.Equal(PackageReasons.TooManyBytes(1000), SkillArchive.Extract(zip, _directory, Limits with { MaxBytes = 1000 })?.Reason);
        Assert.True(BytesWritten() <= 1000);
    }

    [Fact]
    public void A_bomb_that_says_it_is_small_is_not_unpacked_either()
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(new byte[20_000_000]);

        var error = Extract(new RawZip().AddDeflated("bomb", deflated.ToArray(), 10), Limits with { MaxBytes = 1_000_000 });

        Assert.NotNull(error);
        Assert.True(BytesWritten() <= 1_000_000);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0x81a4, false)]
    [InlineData(0x8180, false)]
    [InlineData(0x81b6, false)]
    [InlineData(0x81ed, true)]
    [InlineData(0x8140, true)]
    [InlineData(0x8fff, true)]
    public void Files_get_one_of_two_modes(int mode, bool isExecutable)
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

        Assert.Null(Extract(new RawZip().Add("scripts/file", mode)));

        Assert.Equal(isExecutable ? Executable : Plain, File.GetUnixFileMode(Path.Combine(_directory, "scripts/file")));
        Assert.Equal(Executable, File.GetUnixFileMode(Path.Combine(_directory, "scripts")));
    }

    [Fact]
    public void A_single_folder_is_taken_as_the_root()
    {
        using var zip = Zip(("word-count/SKILL.md", "a"), ("word-count/scripts/count.py", "b"));

        Assert.Null(SkillArchive.Extract(zip, _directory, Limits));

        Assert.Equal(["SKILL.md", "scripts/count.py"], Files());
    }

    [Fact]
    public void A_single_folder_beside_the_instructions_stays_one()
    {
        using var zip = Zip(("SKILL.md", "a"), ("scripts/SKILL.md", "b"));

        Assert.Null(SkillArchive.Extract(zip, _directory, Limits));

        Assert.Equal(["SKILL.md", "scripts/SKILL.md"], Files());
    }

    [Fact]
    public void Several_folders_stay()
    {
        using var zip = Zip(("a/SKILL.md", "a"), ("b/SKILL.md", "b"));

        Assert.Null(SkillArchive.Extract(zip, _directory, Limits));

        Assert.Equal(["a/SKILL.md", "b/SKILL.md"], Files());
    }

    [Fact]
    public void What_other_systems_leave_behind_is_passed_over()
    {
        using var zip = Zip(("word-count/SKILL.md", "a"), ("__MACOSX/word-count/._SKILL.md", "b"), (".DS_Store", "c"), ("word-count/.DS_Store", "d"));

        Assert.Null(SkillArchive.Extract(zip, _directory, Limits with { MaxFiles = 1 }));

        Assert.Equal(["SKILL.md"], Files());
    }

    private SkillPackageError? Extract(RawZip zip, PackageLimits? limits = null)
    {
        using var stream = zip.ToStream();
        return SkillArchive.Extract(stream, _directory, limits ?? Limits);
    }

    private void AssertNameRefused(string name)
    {
        var error = Extract(new RawZip().Add("SKILL.md").Add(name));

        Assert.NotNull(error);
        Assert.Equal(PackagePaths.Shorten(name.EndsWith('/') ? name[..^1] : name), error.File);
        Assert.NotEqual("", error.Reason.Chinese);
        AssertNothingWritten();
    }

    private void AssertRefused(string file, LocalizedText reason, SkillPackageError? error)
    {
        Assert.Equal(file, error?.File);
        Assert.Equal(reason, error?.Reason);
        AssertNothingWritten();
    }

    private void AssertNothingWritten()
    {
        Assert.Empty(Files());
        Assert.Equal([_directory], Directory.EnumerateFileSystemEntries(_home));
    }

    private static MemoryStream Zip(params ReadOnlySpan<(string Name, string Content)> files)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        stream.Position = 0;
        return stream;
    }

    private List<string> Files() =>
    [
        .. Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_directory, path))
            .Order(StringComparer.Ordinal),
    ];

    private long BytesWritten() => Files().Sum(path => new FileInfo(Path.Combine(_directory, path)).Length);
}
