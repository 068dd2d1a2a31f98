using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Workspaces;

/// <summary>The quota and the order of changes, on the real silo.</summary>
public sealed class WorkspaceGrainTests : IAsyncLifetime
{
    private SiloHost _silo = null!;

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync(("OpenClaw:Limits:StorageBytes", "1000"), ("OpenClaw:Workspaces:MaxEntries", "20"));

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IWorkspaceGrain Workspace => _silo.Grains.GetWorkspace(new WorkspaceKey(TenantId.Default));

    [Fact]
    public async Task Writes_at_once_fill_the_quota_to_the_byte()
    {
        var written = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => WriteAsync($"/{i}.txt", 100)));

        Assert.Equal(10, written.Count(write => write.Problem is null));
        Assert.All(written.Where(write => write.Problem is not null), write => Assert.Equal((413, "content"), (write.Problem!.Status, write.Problem.Field)));
        Assert.Equal(1000, await BytesAsync());
        // A smaller file in the place of a larger one makes room for the difference.
        var first = written.First(write => write.Problem is null).File!.Path;
        Assert.Null((await WriteAsync(first, 60)).Problem);
        Assert.Null((await WriteAsync("/more.txt", 40)).Problem);
        Assert.NotNull((await WriteAsync("/one.txt", 1)).Problem);
    }

    [Fact]
    public async Task The_number_of_entries_is_limited_as_well()
    {
        // Three directories are there from the beginning.
        for (var i = 0; i < 17; i++) Assert.Null((await WriteAsync($"/{i}", 0)).Problem);

        var over = await WriteAsync("/17", 0);
        var moved = await Workspace.Move(new MoveFile { From = "/0", To = "/new/0" }, Cancellation);

        Assert.Equal((413, "path"), (over.Problem!.Status, over.Problem.Field));
        Assert.Equal((413, "to"), (moved.Problem!.Status, moved.Problem.Field));
        Assert.Null((await Workspace.Delete(new DeleteFile { Path = "/1" }, Cancellation)).Problem);
        Assert.Null((await WriteAsync("/17", 0)).Problem);
    }

    [Fact]
    public async Task A_deleted_tenants_files_go_with_it()
    {
        var tenant = TenantId.Parse("acme");
        var grain = _silo.Grains.GetTenant(new TenantKey(tenant));
        await grain.Create(new TenantInfo("acme", "Acme", TimeProvider.System.GetUtcNow()), Cancellation);
        var workspace = _silo.Grains.GetWorkspace(new WorkspaceKey(tenant));
        Assert.Null((await workspace.Write(new WriteFile { Path = "/a/b.txt", Content = [1] }, Cancellation)).Problem);
        Assert.True(Directory.Exists(_silo.WorkspaceOf(tenant)));

        await grain.Delete(Cancellation);

        await Eventually.IsSoAsync(async () => !await grain.IsBeingRemoved(Cancellation));
        Assert.False(Directory.Exists(_silo.WorkspaceOf(tenant)));
    }

    private Task<FileWritten> WriteAsync(string path, int bytes) =>
        Workspace.Write(new WriteFile { Path = path, Content = Encoding.ASCII.GetBytes(new string('x', bytes)) }, Cancellation);

    private async Task<long> BytesAsync() =>
        (await Workspace.List(new ListFiles { Path = "/", Limit = 1000 }, Cancellation)).Entries.Sum(entry => entry.Size);
}
