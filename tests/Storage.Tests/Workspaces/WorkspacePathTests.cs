using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Workspaces;

namespace OpenClaw.Storage.Tests.Workspaces;

public sealed class WorkspacePathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/Documents", "/Documents")]
    [InlineData("/Documents/", "/Documents")]
    [InlineData("/文档/笔记.md", "/文档/笔记.md")]
    [InlineData("/a b/c\nd", "/a b/c\nd")]
    [InlineData("/...", "/...")]
    [InlineData("/..a/.b", "/..a/.b")]
    [InlineData("/%2e%2e/etc/passwd", "/%2e%2e/etc/passwd")]
    [InlineData("/C:/Windows", "/C:/Windows")]
    [InlineData("/a\\..\\b", "/a\\..\\b")]
    [InlineData("/~root", "/~root")]
    [InlineData("/\u202etxt.exe", "/\u202etxt.exe")]
    public void A_path_is_taken_as_it_is_written(string text, string path)
    {
        Assert.Null(WorkspacePath.TryParse(text, out var parsed));
        Assert.Equal(path, parsed.ToString());
    }

    [Theory]
    [InlineData("", WorkspacePathFault.NotAbsolute)]
    [InlineData("Documents", WorkspacePathFault.NotAbsolute)]
    [InlineData("./a", WorkspacePathFault.NotAbsolute)]
    [InlineData("../a", WorkspacePathFault.NotAbsolute)]
    [InlineData("C:\\Windows", WorkspacePathFault.NotAbsolute)]
    [InlineData("\\\\host\\share", WorkspacePathFault.NotAbsolute)]
    [InlineData("file:///etc/passwd", WorkspacePathFault.NotAbsolute)]
    [InlineData("~/a", WorkspacePathFault.NotAbsolute)]
    [InlineData("/..", WorkspacePathFault.Relative)]
    [InlineData("/../etc/passwd", WorkspacePathFault.Relative)]
    [InlineData("/a/../../etc/passwd", WorkspacePathFault.Relative)]
    [InlineData("/a/..", WorkspacePathFault.Relative)]
    [InlineData("/a/../", WorkspacePathFault.Relative)]
    [InlineData("/./a", WorkspacePathFault.Relative)]
    [InlineData("/a/.", WorkspacePathFault.Relative)]
    [InlineData("//", WorkspacePathFault.EmptyName)]
    [InlineData("//etc/passwd", WorkspacePathFault.EmptyName)]
    [InlineData("/a//b", WorkspacePathFault.EmptyName)]
    [InlineData("/a//", WorkspacePathFault.EmptyName)]
    [InlineData("/a\0", WorkspacePathFault.Nul)]
    [InlineData("/a\0.png", WorkspacePathFault.Nul)]
    public void A_hostile_path_is_refused_with_the_reason(string text, WorkspacePathFault fault)
    {
        Assert.Equal(fault, WorkspacePath.TryParse(text, out var parsed));
        Assert.True(parsed.IsRoot);
    }

    /// <summary>No data of the test above: a runner writes those as UTF-8, in which there is no such text.</summary>
    private static readonly string[] Broken = ["/a\ud800", "/\udc00a", "/\udc00\ud800"];

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_text() => Assert.All(
        Broken, text => Assert.Equal(WorkspacePathFault.NotUnicode, WorkspacePath.TryParse(text, out _)));

    [Fact]
    public void Lengths_are_counted_in_bytes()
    {
        Assert.Null(WorkspacePath.TryParse("/" + new string('a', 255), out _));
        Assert.Equal(WorkspacePathFault.NameTooLong, WorkspacePath.TryParse("/" + new string('a', 256), out _));
        Assert.Equal(WorkspacePathFault.NameTooLong, WorkspacePath.TryParse("/" + new string('文', 86), out _));
        Assert.Equal(WorkspacePathFault.TooLong, WorkspacePath.TryParse("/" + new string('a', 4096), out _));
        Assert.Null(WorkspacePath.TryParse(string.Concat(Enumerable.Repeat("/a", 100)), out _));
        Assert.Equal(WorkspacePathFault.TooDeep, WorkspacePath.TryParse(string.Concat(Enumerable.Repeat("/a", 101)), out _));
    }

    [Fact]
    public void A_path_knows_its_name_and_what_holds_it()
    {
        var path = WorkspacePath.Parse("/a/b/c.md");

        Assert.Equal(("c.md", "/a/b"), (path.Name, path.Parent.ToString()));
        Assert.Equal(WorkspacePath.Root, WorkspacePath.Parse("/a").Parent);
        Assert.Equal(WorkspacePath.Root, WorkspacePath.Root.Parent);
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0xe4 }, 1)]
    [InlineData(new byte[] { 0x61, 0xe4, 0xbd }, 1)]
    [InlineData(new byte[] { 0x61, 0xe4, 0xbd, 0xa0 }, 4)]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x98 }, 0)]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x98, 0x80 }, 4)]
    [InlineData(new byte[] { 0xc3 }, 0)]
    [InlineData(new byte[] { }, 0)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80 }, 4)]
    public void A_piece_of_text_ends_with_a_whole_character(byte[] piece, int length) =>
        Assert.Equal(length, WholeCharacters.Of(piece).Length);
}
