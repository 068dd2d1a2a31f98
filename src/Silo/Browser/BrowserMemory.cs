using OpenClaw.Grains.Browser;
using OpenClaw.Silo.Processes;

namespace OpenClaw.Silo.Browser;

/// <summary>
/// Bounds the memory of pages: a page's process that is over its limit is killed, and the largest when all together are over
/// theirs. Others go on; a control group, where there is one, stands behind it.
/// </summary>
internal sealed class BrowserMemory(ChromiumProgram program, BrowserOptions options)
{
    private const string PageProcess = "--type=renderer";

    private readonly long _pageBytes = (long)options.PageMemoryMiB << 20;
    private readonly long _allBytes = (long)options.MemoryMiB << 20;
    private readonly long _sharedBytes = (long)options.SharedMemoryMiB << 20;

    /// <summary>Kills a page's process that must go.</summary>
    /// <param name="shared">Bytes of the processes that serve every page, the driver's included, when they are over their limit; else 0.</param>
    /// <returns>The bytes that a page's process had, or null when none had to go.</returns>
    public long? KillExcess(out long shared)
    {
        var (pages, all, largest, largestBytes) = (0L, 0L, 0, 0L);
        foreach (var id in ProcessTree.Of(program.DriverId ?? program.ProcessId))
        {
            var bytes = ProcessTree.AnonymousBytes(id);
            all += bytes;
            if (!ProcessTree.CommandLineOf(id).Contains(PageProcess, StringComparison.Ordinal)) continue;
            pages += bytes;
            if (bytes > largestBytes) (largest, largestBytes) = (id, bytes);
        }

        shared = all - pages > _sharedBytes ? all - pages : 0;
        if (pages <= _allBytes && largestBytes <= _pageBytes) return null;
        ProcessTree.Kill(largest);
        return largestBytes;
    }
}
