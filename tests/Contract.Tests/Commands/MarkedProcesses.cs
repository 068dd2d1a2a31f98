using OpenClaw.Testing;

namespace OpenClaw.Contract.Tests.Commands;

/// <summary>Processes that a test's command starts under a name of its own (<c>exec -a</c>), as this machine sees them.</summary>
internal static class MarkedProcesses
{
    /// <summary>A name that no other test's have.</summary>
    public static string NewMark() => $"mark-{Guid.NewGuid():n}";

    public static int Count(string mark) => Directory.EnumerateDirectories("/proc").Count(directory =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(directory), out _)
                && File.ReadAllText(Path.Combine(directory, "cmdline")).StartsWith(mark, StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It died while it was looked at.
            return false;
        }
    });

    /// <summary>Completes when the last process of this name is dead: a stranger's end has no event to wait for.</summary>
    public static Task GoneAsync(string mark, CancellationToken cancellationToken) =>
        Eventually.IsAsync(() => Task.FromResult(Count(mark)), count => count == 0, cancellationToken);

    /// <summary>Completes when there is one.</summary>
    public static Task ThereAsync(string mark, CancellationToken cancellationToken) =>
        Eventually.IsAsync(() => Task.FromResult(Count(mark)), count => count > 0, cancellationToken);
}
