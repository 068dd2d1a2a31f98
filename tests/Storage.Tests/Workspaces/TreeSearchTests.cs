using System.Text;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Storage.Tests.Workspaces;

public sealed class TreeSearchTests : WorkspaceTest
{
    [Theory]
    [InlineData("*.md", "a.md", true)]
    [InlineData("*.md", "x/y/a.md", true)]
    [InlineData("*.md", "a.mdx", false)]
    [InlineData("*.MD", "a.md", false)]
    [InlineData("/*.md", "a.md", true)]
    [InlineData("/*.md", "x/a.md", false)]
    [InlineData("x/*.md", "x/a.md", true)]
    [InlineData("x/*.md", "x/y/a.md", false)]
    [InlineData("x/**/*.md", "x/a.md", true)]
    [InlineData("x/**/*.md", "x/y/z/a.md", true)]
    [InlineData("x/**/*.md", "y/a.md", false)]
    [InlineData("**/y/*", "x/y/a", true)]
    [InlineData("**/y/*", "y/a", true)]
    [InlineData("**/y/*", "y/z/a", false)]
    [InlineData("x/**", "x/y/a", true)]
    [InlineData("x/**", "y", false)]
    [InlineData("**/a/**/b/**/c", "a/x/b/y/z/c", true)]
    [InlineData("**/a/**/b/**/c", "b/a/c", false)]
    [InlineData("?.txt", "a.txt", true)]
    [InlineData("?.txt", "文.txt", true)]
    [InlineData("?.txt", "ab.txt", false)]
    [InlineData("笔记*", "x/笔记-1.md", true)]
    [InlineData("[a]", "a", false)]
    [InlineData("..", "a", false)]
    public void A_pattern_matches_paths(string pattern, string path, bool matches) =>
        Assert.Equal(matches, GlobPattern.TryParse(pattern)!.IsMatch(path));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a//b")]
    [InlineData("a/")]
    public void A_pattern_with_an_empty_name_is_none(string pattern) => Assert.Null(GlobPattern.TryParse(pattern));

    [Fact]
    public void A_pattern_made_to_take_for_ever_does_not()
    {
        var pattern = GlobPattern.TryParse(string.Join('/', Enumerable.Repeat("**/*a*a*a*a*a*b", 31)))!;

        Assert.False(pattern.IsMatch(string.Join('/', Enumerable.Repeat(new string('a', 200), 100))));
        Assert.Null(GlobPattern.TryParse(string.Join('/', Enumerable.Repeat("a", 64))));
    }

    [Fact]
    public void Text_is_found_with_its_lines()
    {
        Write("/Documents/a.md", "first\r\n今天开会\r\nlast 会议 line\r\n");
        Write("/Documents/b.md", "nothing");
        Write("/Documents/c.bin", "\0会议");
        Write("/Documents/d.md", new string('x', 1000) + "会议" + new string('y', 1000));

        var found = Search("*", "会议");

        Assert.Equal(["/Documents/a.md", "/Documents/d.md"], found.Files.Select(hit => hit.File.Path));
        Assert.Equal([new TextMatch(3, "last 会议 line")], found.Files[0].Matches);
        Assert.Equal(new string('x', 50) + "会议" + new string('y', 148), Assert.Single(found.Files[1].Matches).Text);
        Assert.Null(found.Reached);
        Assert.Equal([1, 2, 3], Search("*.txt", "a", write: ("/n.txt", "a a\nba\ncab")).Files[0].Matches.Select(match => match.Line));
    }

    [Fact]
    public void A_cut_never_falls_inside_a_character()
    {
        for (var before = 0; before < 60; before++)
        {
            Write("/a.txt", string.Concat(Enumerable.Repeat("😀文", before)) + "needle" + string.Concat(Enumerable.Repeat("文😀", 200)));

            var text = Assert.Single(Search("a.txt", "needle").Files[0].Matches).Text;

            Assert.Contains("needle", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\ufffd', text);
            // Throws at half of a pair.
            Assert.True(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) > 0);
        }
    }

    [Fact]
    public void Pages_of_a_search_are_the_whole_of_it()
    {
        foreach (var path in new[] { "/b/x/1.md", "/b/x/2.md", "/b.md", "/a/3.md", "/a-b/4.md", "/c/5.txt", "/z/y/x/w/6.md", "/b/7.md" }) Write(path, "text");
        var whole = Search("*.md").Files.Select(hit => hit.File.Path).ToList();

        foreach (var limit in new[] { 1, 2, 3, 6, 7 })
        {
            var pages = new List<string>();
            string? after = null;
            do
            {
                var page = Search("*.md", limit: limit, after: after);
                Assert.False(page.Truncated);
                pages.AddRange(page.Files.Select(hit => hit.File.Path));
                after = page.Reached;
            }
            while (after is not null);

            Assert.Equal(whole, pages);
        }

        Assert.Equal(["/a/3.md", "/a-b/4.md", "/b/7.md", "/b/x/1.md", "/b/x/2.md", "/b.md", "/z/y/x/w/6.md"], whole);
    }

    [Fact]
    public void A_search_that_takes_too_long_says_so_and_goes_on()
    {
        var directory = Directory.CreateDirectory(OnDisk("/Projects/many")).FullName;
        for (var i = 0; i < 300; i++) File.WriteAllText(Path.Combine(directory, $"{i:000}.md"), "");
        var found = new List<string>();
        var rounds = 0;
        string? after = null;
        do
        {
            // Each look at the clock takes longer than a whole search may.
            var slow = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(3) };
            var page = Tree.Search(At("/Projects"), new TreeQuery(GlobPattern.TryParse("*.md")!, null, 1000, after), slow).Value!;
            Assert.Equal(page.Reached is not null, page.Truncated);
            found.AddRange(page.Files.Select(hit => hit.File.Path));
            after = page.Reached;
            rounds++;
        }
        while (after is not null);

        Assert.True(rounds > 3, $"{rounds} rounds");
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"/Projects/many/{i:000}.md"), found);
    }

    private TreeSearchPage Search(string pattern, string? text = null, int limit = 1000, string? after = null, (string Path, string Content)? write = null)
    {
        if (write is { } file) Write(file.Path, file.Content);
        var found = Tree.Search(WorkspacePath.Root, new TreeQuery(GlobPattern.TryParse(pattern)!, text, limit, after), TimeProvider.System);
        Assert.Equal(WorkspaceError.None, found.Error);
        return found.Value!;
    }
}
