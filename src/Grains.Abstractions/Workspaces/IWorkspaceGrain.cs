using OpenClaw.Grains.Abstractions.Errors;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Workspaces;

/// <summary>
/// A tenant's workspace: a tree of files under the data directory, and the one place in the cluster that writes it on behalf
/// of callers and tools. Key: <see cref="WorkspaceKey"/>.
/// </summary>
/// <remarks>
/// Reads interleave; what changes the tree is done one after the other, so that the quota is exact. Files are the truth: an
/// activation measures them before its first write and keeps nothing else.
/// </remarks>
[Alias("OpenClaw.IWorkspaceGrain")]
public interface IWorkspaceGrain : IGrainWithStringKey
{
    /// <summary>A file's bytes, or a range of them.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Read"), AlwaysInterleave, Repeatable]
    Task<FileRead> Read(ReadFile request, CancellationToken cancellationToken);

    /// <summary>What there is at a path, without its content.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Find"), AlwaysInterleave, Repeatable]
    Task<FileFound> Find(string path, CancellationToken cancellationToken);

    /// <summary>A page of a directory.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("List"), AlwaysInterleave, Repeatable]
    Task<FileList> List(ListFiles request, CancellationToken cancellationToken);

    /// <summary>Files below a directory by name and, where asked, by text.</summary>
    /// <remarks>Interleaves. Stops at the limits of <see cref="SearchFiles"/> and says so.</remarks>
    [Alias("Search"), AlwaysInterleave, Repeatable]
    Task<FileSearch> Search(SearchFiles request, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a file whole: readers see the old content or the new. On disk, with its name, when the task completes. Parent
    /// directories appear.
    /// </summary>
    [Alias("Write"), ResponseTimeout("00:00:30")]
    Task<FileWritten> Write(WriteFile request, CancellationToken cancellationToken);

    /// <summary>Removes a file or a directory. Its name is gone from disk when the task completes.</summary>
    [Alias("Delete"), ResponseTimeout("00:00:30")]
    Task<FileChanged> Delete(DeleteFile request, CancellationToken cancellationToken);

    /// <summary>Gives a file or a directory another path, at which there must be nothing. Parent directories appear.</summary>
    [Alias("Move"), ResponseTimeout("00:00:30")]
    Task<FileChanged> Move(MoveFile request, CancellationToken cancellationToken);

    /// <summary>
    /// Takes one of the tenant's slots for a command, which must end within its lifetime; waits for one for 10 s, then there is
    /// a problem (<c>RATE_LIMITED</c>).
    /// </summary>
    /// <remarks>Interleaves. Slots are in memory: those of commands whose silo died come back with their lifetime's end.</remarks>
    [Alias("EnterCommand"), AlwaysInterleave, Repeatable, ResponseTimeout("00:00:30")]
    Task<Problem?> EnterCommand(string commandId, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the slot back. What the command wrote is counted before the next change. Of commands in the background the last 16
    /// of the tenant are remembered after their end.
    /// </summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("LeaveCommand"), AlwaysInterleave, Repeatable]
    Task LeaveCommand(string commandId, bool background);
}
