using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Paging;
using OpenClaw.Grains.Tenants;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Workspaces;

/// <inheritdoc cref="IWorkspaceGrain"/>
/// <remarks>The disk is used off the activation's scheduler, so that reads are as many at once as there are.</remarks>
[GrainType("workspace")]
internal sealed partial class WorkspaceGrain(
    WorkspaceStore store, TenantLimitsCache limits, IOptions<WorkspaceOptions> options, TimeProvider time, ILogger<WorkspaceGrain> logger) : Grain, IWorkspaceGrain
{
    private const int MaxPage = 1000;

    /// <summary>Commands in the background that are remembered after their end; each may have 2 MiB of output.</summary>
    private const int MaxEnded = 16;

    private readonly Queue<string> _ended = [];

    private WorkspaceTree? _tree;
    private WorkspaceUsage? _usage;
    private CommandSlots? _commands;
    private bool _isWrittenByCommands;
    private Task _purge = Task.CompletedTask;

    private WorkspaceKey Key => WorkspaceKey.Parse(this.GetPrimaryKeyString());

    private WorkspaceTree Tree => _tree ??= store.Open(Key.Tenant);

    public async Task<FileRead> Read(ReadFile request, CancellationToken cancellationToken)
    {
        if (WorkspacePath.TryParse(request.Path, out var path) is { } fault) return new FileRead { Problem = Problem.Invalid("path", FileReasons.Of(fault)) };
        var read = await UseAsync(tree => tree.Read(path, Math.Max(0, request.Offset), request.Length, ReadFile.MaxLength));
        return read.IsSuccess
            ? new FileRead { File = read.Value.File, Content = read.Value.Content }
            : new FileRead { Problem = FileReasons.Of(read.Error, "path") };
    }

    public async Task<FileFound> Find(string path, CancellationToken cancellationToken)
    {
        if (WorkspacePath.TryParse(path, out var parsed) is { } fault) return new FileFound(Problem.Invalid("path", FileReasons.Of(fault)), null);
        var found = await UseAsync(tree => tree.Find(parsed));
        return found.IsSuccess ? new FileFound(null, found.Value) : new FileFound(FileReasons.Of(found.Error, "path"), null);
    }

    public async Task<FileList> List(ListFiles request, CancellationToken cancellationToken)
    {
        string? after = null;
        var problem = WorkspacePath.TryParse(request.Path, out var path) is { } fault ? Problem.Invalid("path", FileReasons.Of(fault))
            : request.Limit is < 1 or > MaxPage ? Problem.Invalid("limit", Reasons.Range(MaxPage))
            : request.Cursor is { } cursor && (after = TextCursor.Read(TextListKind.Directory, cursor)) is null ? Problem.Invalid("cursor", Reasons.InvalidCursor)
            : null;
        if (problem is not null) return new FileList { Problem = problem };
        var listed = await UseAsync(tree => tree.List(path, after, request.Limit));
        if (!listed.IsSuccess) return new FileList { Problem = FileReasons.Of(listed.Error, "path") };
        var (entries, last) = listed.Value;
        return new FileList
        {
            Path = path.ToString(),
            Entries = entries,
            NextCursor = last is null ? null : TextCursor.Write(TextListKind.Directory, last),
        };
    }

    public async Task<FileSearch> Search(SearchFiles request, CancellationToken cancellationToken)
    {
        string? after = null;
        GlobPattern? pattern = null;
        var problem = WorkspacePath.TryParse(request.Path, out var path) is { } fault ? Problem.Invalid("path", FileReasons.Of(fault))
            : request.Limit is < 1 or > MaxPage ? Problem.Invalid("limit", Reasons.Range(MaxPage))
            : request.Pattern.Length > SearchFiles.MaxPatternLength || (pattern = GlobPattern.TryParse(request.Pattern)) is null
                ? Problem.Invalid("pattern", FileReasons.Pattern)
            : request.Text?.Length > SearchFiles.MaxTextLength ? Problem.Invalid("text", Reasons.TooLong(SearchFiles.MaxTextLength, "characters"))
            : request.Cursor is { } cursor && (after = TextCursor.Read(TextListKind.FileSearch, cursor)) is null ? Problem.Invalid("cursor", Reasons.InvalidCursor)
            : null;
        if (problem is not null) return new FileSearch { Problem = problem };
        var found = await UseAsync(tree => tree.Search(path, new TreeQuery(pattern!, request.Text, request.Limit, after), time));
        if (!found.IsSuccess) return new FileSearch { Problem = FileReasons.Of(found.Error, "path") };
        var page = found.Value!;
        return new FileSearch
        {
            Files = page.Files,
            NextCursor = page.Reached is null ? null : TextCursor.Write(TextListKind.FileSearch, page.Reached),
            Truncated = page.Truncated,
        };
    }

    public async Task<FileWritten> Write(WriteFile request, CancellationToken cancellationToken)
    {
        if (WorkspacePath.TryParse(request.Path, out var path) is { } fault) return new FileWritten { Problem = Problem.Invalid("path", FileReasons.Of(fault)) };
        var written = await ChangeAsync((tree, room) => tree.Write(path, request.Content, request.IfMatch, room), done => done.Added);
        return written.IsSuccess
            ? new FileWritten { File = written.Value.File, Created = written.Value.Created }
            : new FileWritten { Problem = FileReasons.Of(written.Error, written.Error is WorkspaceError.OverBytes ? "content" : "path") };
    }

    public async Task<FileChanged> Delete(DeleteFile request, CancellationToken cancellationToken)
    {
        if (WorkspacePath.TryParse(request.Path, out var path) is { } fault) return new FileChanged(Problem.Invalid("path", FileReasons.Of(fault)));
        var deleted = await ChangeAsync((tree, _) => tree.Delete(path, request.Recursive), removed => default(WorkspaceUsage) - removed);
        if (!deleted.IsSuccess) return new FileChanged(FileReasons.Of(deleted.Error, "path"));
        if (request.Recursive) _purge = PurgeAsync(_purge, Tree);
        return new FileChanged(null);
    }

    public async Task<FileChanged> Move(MoveFile request, CancellationToken cancellationToken)
    {
        if (WorkspacePath.TryParse(request.From, out var from) is { } wrongFrom) return new FileChanged(Problem.Invalid("from", FileReasons.Of(wrongFrom)));
        if (WorkspacePath.TryParse(request.To, out var to) is { } wrongTo) return new FileChanged(Problem.Invalid("to", FileReasons.Of(wrongTo)));
        // Told apart from what is wrong with the other path.
        var source = from.IsRoot ? WorkspaceError.IsRoot : (await UseAsync(tree => tree.Find(from))).Error;
        if (source is not WorkspaceError.None) return new FileChanged(FileReasons.Of(source, "from"));
        var moved = await ChangeAsync((tree, room) => tree.Move(from, to, room), added => added);
        return new FileChanged(moved.IsSuccess ? null : FileReasons.Of(moved.Error, "to"));
    }

    public async Task<Problem?> EnterCommand(string commandId, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var most = (await limits.GetAsync(Key.Tenant)).ConcurrentCommands;
        _commands ??= new CommandSlots(time);
        _isWrittenByCommands = true;
        return await _commands.EnterAsync(commandId, lifetime, most) ? null : Problem.RateLimited(FileReasons.CommandsRunning(most), retryAfterSeconds: 1);
    }

    public Task LeaveCommand(string commandId, bool background)
    {
        _commands?.Leave(commandId);
        _isWrittenByCommands = true;
        if (!background) return Task.CompletedTask;
        _ended.Enqueue(commandId);
        return _ended.Count <= MaxEnded ? Task.CompletedTask : GrainFactory.GetCommand(new CommandKey(Key.Tenant, _ended.Dequeue())).Forget();
    }

    private async Task<T> UseAsync<T>(Func<WorkspaceTree, T> use)
    {
        var tree = Tree;
        return await Task.Run(() => use(tree));
    }

    /// <summary>Changes the tree within what the quota leaves, and counts what was added.</summary>
    private async Task<WorkspaceResult<T>> ChangeAsync<T>(
        Func<WorkspaceTree, WorkspaceUsage, WorkspaceResult<T>> change, Func<T, WorkspaceUsage> added)
    {
        var most = await limits.GetAsync(Key.Tenant);
        if (_isWrittenByCommands) _usage = null;
        _isWrittenByCommands = _commands is { IsEmpty: false };
        var usage = _usage ?? await BeginAsync();
        // Until the change is known to have ended well, what there is is not known.
        _usage = null;
        var room = new WorkspaceUsage(most.StorageBytes, options.Value.MaxEntries) - usage;
        var result = await UseAsync(tree => change(tree, room));
        _usage = result.IsSuccess ? usage + added(result.Value!) : usage;
        return result;
    }

    /// <summary>Before the first change: what a crash has left goes, and what there is is counted.</summary>
    private async Task<WorkspaceUsage> BeginAsync()
    {
        var usage = await UseAsync(tree =>
        {
            tree.Recover();
            return tree.Measure();
        });
        _purge = PurgeAsync(_purge, Tree);
        return usage;
    }

    /// <summary>In the background, one after the other: what was deleted is out of sight already.</summary>
    private async Task PurgeAsync(Task before, WorkspaceTree tree)
    {
        await before;
        try
        {
            await Task.Run(() =>
            {
                while (tree.Purge())
                {
                }
            });
        }
        catch (IOException failure)
        {
            LogPurgeFailed(failure, Key.Tenant.Value);
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "What the tenant {Tenant} deleted could not be removed from disk; it is tried again after the next deletion")]
    private partial void LogPurgeFailed(Exception exception, string tenant);
}
