using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Commands;

/// <summary>The limits of a command that the system does not keep by itself.</summary>
internal sealed class CommandWatch(
    TenantId tenant,
    WorkspaceTree tree,
    TenantLimits limits,
    CommandOptions options,
    WorkspaceOptions workspaceOptions,
    CommandReader reader,
    FullWorkspaces full,
    TimeProvider time)
{
    /// <summary>Counting a workspace may take this share of a command's time.</summary>
    private const int MaxShare = 20;

    /// <summary>Counted while the command starts.</summary>
    private readonly Task<WorkspaceUsage> _before = Task.Run(tree.Measure);
    private readonly string _directory = tree.FilesDirectory;
    private long _measuredAt = time.GetTimestamp();
    private TimeSpan _measureTime;

    /// <summary>The limit that is passed, or null.</summary>
    public string? FindExcess(ISandboxProcess process)
    {
        if (reader.IsGone) return CommandKills.Cancelled;
        var memory = process.MeasureMemory();
        if (memory > (long)options.MemoryMiB << 20) return CommandKills.Memory;
        try
        {
            if (new DriveInfo(_directory).AvailableFreeSpace < (long)options.MinFreeDiskMiB << 20) return CommandKills.Disk;
            if (!_before.IsCompleted || time.GetElapsedTime(_measuredAt) < _measureTime * MaxShare) return null;
            var before = _before.Result;
            var started = time.GetTimestamp();
            var usage = tree.Measure();
            var isFull = full.Note(tenant, usage, limits);
            _measuredAt = time.GetTimestamp();
            _measureTime = time.GetElapsedTime(started, _measuredAt);
            // A workspace that was over its limit before may be cleared by a command, and not be filled further.
            return (isFull && usage.Bytes > before.Bytes)
                || (usage.Entries > workspaceOptions.MaxEntries && usage.Entries > before.Entries)
                ? CommandKills.Storage
                : null;
        }
        catch (IOException)
        {
            // It changes while it is looked at; the next look is in a moment.
            return null;
        }
    }

    /// <summary>Measures what a command has left, however short it was.</summary>
    public async Task NoteAsync(Task ended)
    {
        await ended;
        try
        {
            await _before;
            full.Note(tenant, await Task.Run(tree.Measure), limits);
        }
        catch (IOException)
        {
            // It changes meanwhile; the next command measures again.
        }
    }
}
