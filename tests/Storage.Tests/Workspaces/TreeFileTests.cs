using System.Text;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Storage.Tests.Workspaces;

/// <summary>Reading, writing, moving and deleting in a tree of ordinary files.</summary>
public sealed class TreeFileTests : WorkspaceTest
{
    [Fact]
    public void A_new_workspace_has_its_first_directories()
    {
        var listed = Tree.List(WorkspacePath.Root, null, 10).Value;

        Assert.Equal(["/Documents", "/Downloads", "/Projects"], listed.Entries.Select(entry => entry.Path));
        Assert.All(listed.Entries, entry => Assert.True(entry.IsDirectory));
        Assert.Equal(new WorkspaceUsage(0, 3), Tree.Measure());
    }

    [Fact]
    public void What_is_written_is_read_again_with_its_etag_until_it_changes()
    {
        var first = Write("/Documents/notes.md", "# 会议记录");
        var again = Tree.Find(At("/Documents/notes.md")).Value!;
        var second = Write("/Documents/notes.md", "# 会议记录");

        Assert.Equal("# 会议记录", Read("/Documents/notes.md"));
        Assert.Equal(first, again);
        Assert.Equal(14, first.Size);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(TenantDirectory, "staging")));
    }

    [Fact]
    public void Parents_appear_and_are_counted()
    {
        var written = Tree.Write(At("/a/b/c/d.txt"), "xyz"u8, null, Room);

        Assert.True(written.Value.Created);
        Assert.Equal(new WorkspaceUsage(3, 4), written.Value.Added);
        Assert.Equal(new WorkspaceUsage(3, 7), Tree.Measure());
    }

    [Fact]
    public void A_range_is_what_there_is_of_it()
    {
        Write("/a.txt", "0123456789");

        Assert.Equal("234", Text(Tree.Read(At("/a.txt"), 2, 3, 100)));
        Assert.Equal("89", Text(Tree.Read(At("/a.txt"), 8, 100, 100)));
        Assert.Equal("", Text(Tree.Read(At("/a.txt"), 10, 1, 100)));
        Assert.Equal("", Text(Tree.Read(At("/a.txt"), long.MaxValue, 1, 100)));
        Assert.Equal("56789", Text(Tree.Read(At("/a.txt"), 5, null, 5)));
        Assert.Equal(WorkspaceError.TooLarge, Tree.Read(At("/a.txt"), 4, null, 5).Error);

        static string Text(WorkspaceResult<(FileEntry File, byte[] Content)> read) => Encoding.UTF8.GetString(read.Value.Content);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_ends_where_it_ended_when_it_was_opened()
    {
        var path = OnDisk("/Documents/log");
        File.WriteAllText(path, new string('a', 100_000));
        using var stopped = new CancellationTokenSource();
        var grows = Task.Run(() =>
        {
            using var file = File.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            while (!stopped.IsCancellationRequested && file.Length < 50_000_000)
            {
                file.Write(new byte[1000]);
                file.Flush();
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 200; i++)
        {
            var read = Tree.Read(At("/Documents/log"), 0, null, int.MaxValue).Value;
            Assert.Equal(read.File.Size, read.Content.Length);
        }

        await stopped.CancelAsync();
        await grows;
    }

    [Fact]
    public void A_file_that_is_not_the_expected_one_is_left_as_it_is()
    {
        var first = Write("/a.txt", "first");

        Assert.Equal(WorkspaceError.Changed, Tree.Write(At("/a.txt"), "x"u8, "another", Room).Error);
        Assert.Equal(WorkspaceError.Changed, Tree.Write(At("/b.txt"), "x"u8, "*", Room).Error);
        Assert.Equal("first", Read("/a.txt"));
        Assert.True(Tree.Write(At("/a.txt"), "second"u8, first.ETag, Room).IsSuccess);
        Assert.Equal(WorkspaceError.Changed, Tree.Write(At("/a.txt"), "third"u8, first.ETag, Room).Error);
        Assert.True(Tree.Write(At("/a.txt"), "fourth"u8, "*", Room).IsSuccess);
        Assert.Equal("fourth", Read("/a.txt"));
    }

    [Fact]
    public void What_does_not_fit_the_room_changes_nothing()
    {
        Write("/a.txt", "12345");
        var before = Tree.Measure();

        Assert.Equal(WorkspaceError.OverBytes, Tree.Write(At("/b.txt"), "123456"u8, null, new WorkspaceUsage(5, 10)).Error);
        Assert.Equal(WorkspaceError.OverBytes, Tree.Write(At("/a.txt"), "1234567"u8, null, new WorkspaceUsage(1, 10)).Error);
        Assert.Equal(WorkspaceError.OverEntries, Tree.Write(At("/x/y.txt"), "1"u8, null, new WorkspaceUsage(5, 1)).Error);
        Assert.Equal(WorkspaceError.OverEntries, Tree.Move(At("/a.txt"), At("/x/y/z.txt"), new WorkspaceUsage(5, 1)).Error);
        Assert.Equal(before, Tree.Measure());
        // What makes nothing larger is allowed even when there is no room.
        Assert.True(Tree.Write(At("/a.txt"), "123"u8, null, new WorkspaceUsage(-100, -100)).IsSuccess);
    }

    [Fact]
    public void A_path_through_a_file_or_to_a_directory_is_told_from_one_that_is_missing()
    {
        Write("/a.txt", "a");

        Assert.Equal(WorkspaceError.NotFound, ErrorOfReading("/nothing"));
        Assert.Equal(WorkspaceError.NotFound, ErrorOfReading("/no/thing"));
        Assert.Equal(WorkspaceError.IsDirectory, ErrorOfReading("/Documents"));
        Assert.Equal(WorkspaceError.IsDirectory, ErrorOfReading("/"));
        Assert.Equal(WorkspaceError.NotDirectory, ErrorOfReading("/a.txt/b"));
        Assert.Equal(WorkspaceError.NotDirectory, Tree.List(At("/a.txt"), null, 10).Error);
        Assert.Equal(WorkspaceError.IsDirectory, Tree.Write(At("/Documents"), "x"u8, null, Room).Error);
        Assert.Equal(WorkspaceError.NotDirectory, Tree.Write(At("/a.txt/b"), "x"u8, null, Room).Error);
        Assert.Equal(WorkspaceError.IsDirectory, Tree.Write(WorkspacePath.Root, "x"u8, null, Room).Error);
    }

    [Fact]
    public void A_directory_is_deleted_with_its_content_only_when_that_is_said()
    {
        Write("/a/b/c.txt", "12345");

        Assert.Equal(WorkspaceError.NotEmpty, Tree.Delete(At("/a"), recursive: false).Error);
        Assert.Equal("12345", Read("/a/b/c.txt"));
        Assert.Equal(new WorkspaceUsage(5, 3), Tree.Delete(At("/a"), recursive: true).Value);
        Assert.Equal(WorkspaceError.NotFound, Tree.Delete(At("/a"), recursive: true).Error);
        Assert.Equal(WorkspaceError.IsRoot, Tree.Delete(WorkspacePath.Root, recursive: true).Error);
        Assert.Equal(new WorkspaceUsage(0, 1), Tree.Delete(At("/Documents"), recursive: false).Value);
        while (Tree.Purge())
        {
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(TenantDirectory, "trash")));
    }

    [Fact]
    public void A_move_goes_where_there_is_nothing()
    {
        Write("/a.txt", "a");
        Write("/b.txt", "b");

        Assert.Equal(WorkspaceError.Exists, Tree.Move(At("/a.txt"), At("/b.txt"), Room).Error);
        Assert.Equal(WorkspaceError.NotFound, Tree.Move(At("/c.txt"), At("/d.txt"), Room).Error);
        Assert.Equal(WorkspaceError.IntoItself, Tree.Move(At("/Documents"), At("/Documents/x/y"), Room).Error);
        Assert.Equal(WorkspaceError.IsRoot, Tree.Move(At("/a.txt"), WorkspacePath.Root, Room).Error);
        Assert.Equal(new WorkspaceUsage(0, 2), Tree.Move(At("/a.txt"), At("/x/y/a.txt"), Room).Value);
        Assert.Equal("a", Read("/x/y/a.txt"));
        Assert.True(Tree.Move(At("/x"), At("/z"), Room).IsSuccess);
        Assert.Equal("a", Read("/z/y/a.txt"));
        Assert.Equal("b", Read("/b.txt"));
    }

    [Fact]
    public async Task A_reader_sees_the_old_content_or_the_new_and_nothing_between()
    {
        Write("/a.txt", new string('0', 200_000));
        using var stopped = new CancellationTokenSource();
        var writes = Task.Run(() =>
        {
            for (var i = 0; !stopped.IsCancellationRequested; i++)
                Assert.True(Tree.Write(At("/a.txt"), Encoding.ASCII.GetBytes(new string((char)('0' + (i % 10)), 200_000 - (i % 3))), null, Room).IsSuccess);
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 300; i++)
        {
            var content = Read("/a.txt");
            Assert.InRange(content.Length, 199_998, 200_000);
            Assert.Equal(content.Length, content.AsSpan().Count(content[0]));
        }

        await stopped.CancelAsync();
        await writes;
    }

    [Fact]
    public void What_a_crash_has_left_in_the_making_goes_and_is_no_ones_file()
    {
        Directory.CreateDirectory(Path.Combine(TenantDirectory, "staging", "half", "a"));
        File.WriteAllText(Path.Combine(TenantDirectory, "staging", "0123"), "half a file");

        Tree.Recover();

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(TenantDirectory, "staging")));
        Assert.Equal(new WorkspaceUsage(0, 3), Tree.Measure());
    }

    [Fact]
    public void A_tenant_that_goes_leaves_nothing()
    {
        Write("/a/b/c.txt", "c");
        Tree.Delete(At("/a"), recursive: true);
        Write("/d.txt", "d");

        while (Store.RemoveSome(Tenant))
        {
        }

        Assert.False(Directory.Exists(TenantDirectory));
        Assert.False(Store.RemoveSome(Tenant));
    }

    [Fact]
    public void Trees_of_any_depth_and_names_of_any_bytes_are_counted_and_removed()
    {
        // As a command can make them: deeper than any path that can be named, and in no encoding.
        Run("/bin/bash", "-c",
            $"cd '{OnDisk("/Projects")}' && mkdir deep && cd deep && perl -e 'for (1..1500) {{ mkdir \"d\"; chdir \"d\" }} open my $f, \">\", \"bottom\"'; " +
            $"cd '{OnDisk("/Projects")}' && mkdir odd && cd odd && echo 12345 > $'\\xff\\xfe' && mkdir $'\\xc3' && echo 1 > $'\\xc3/x' && chmod 000 $'\\xc3'");

        Assert.True(Tree.Measure().Entries > 1_000_000, "A tree too deep to be counted counts as too many.");
        Assert.Empty(Tree.List(At("/Projects/odd"), null, 10).Value.Entries);
        Assert.True(Tree.Delete(At("/Projects/deep"), recursive: true).IsSuccess);
        Assert.True(Tree.Delete(At("/Projects/odd"), recursive: true).IsSuccess);
        while (Tree.Purge())
        {
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(TenantDirectory, "trash")));
        Assert.Equal(new WorkspaceUsage(0, 3), Tree.Measure());
    }

    [Fact]
    public void A_directory_of_any_size_is_listed_page_by_page()
    {
        var directory = Directory.CreateDirectory(OnDisk("/Projects/many")).FullName;
        for (var i = 0; i < 5000; i++) File.WriteAllText(Path.Combine(directory, $"f{i:0000}"), "");

        var names = new List<string>();
        string? after = null;
        do
        {
            var page = Tree.List(At("/Projects/many"), after, 999).Value;
            Assert.InRange(page.Entries.Count, 1, 999);
            names.AddRange(page.Entries.Select(entry => entry.Path));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"/Projects/many/f{i:0000}"), names);
    }
}
