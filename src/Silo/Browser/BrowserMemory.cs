using OpenClaw.Silo.Processes;

namespace OpenClaw.Silo.Browser;

/// <summary>
/// Bounds the memory of pages: a page's process that is over its limit is killed, and the largest when all together are over
/// theirs. Others go on; a control group, where there is one, stands behind it.
/// </summary>
internal sealed class BrowserMemory(int browser, long pageBytes, long allBytes)
{
    private const string PageProcess = "--type=renderer";

    /// <summary>Kills a page's process that must go; the bytes that it had, or null when none had to.</summary>
    public long? KillExcess()
    {
        var processes = ProcessTree.Of(browser)
            .Select(id => (Id: id, Bytes: ProcessTree.AnonymousBytes(id)))
            .OrderByDescending(process => process.Bytes)
            .ToList();
        var excess = processes.Sum(process => process.Bytes) > allBytes;
        foreach (var (id, bytes) in processes)
        {
            if (!excess && bytes <= pageBytes) return null;
            // A process of another kind serves every page.
            if (!ProcessTree.CommandLineOf(id).Contains(PageProcess, StringComparison.Ordinal)) continue;
            ProcessTree.Kill(id);
            return bytes;
        }

        return null;
    }
}
