using System.Diagnostics;
using System.Globalization;
using OpenClaw.Testing;

namespace OpenClaw.Contract.Tests.Browser;

/// <summary>The browser processes of a server, as the system sees them.</summary>
internal static class Chromium
{
    /// <summary>All processes of the browser that a server runs.</summary>
    public static IReadOnlyList<int> ProcessesOf(int server) => Find(server, "");

    /// <summary>The browser itself.</summary>
    public static int BrowserOf(int server) => Assert.Single(Find(server, "--remote-debugging-pipe").Except(Find(server, "--type=")));

    public static IReadOnlyList<int> PagesOf(int server) => Find(server, "--type=renderer");

    public static void Kill(int process)
    {
        using var killed = Process.GetProcessById(process);
        killed.Kill();
    }

    public static string UserOf(int process) =>
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];

    public static string EnvironmentOf(int process) => File.ReadAllText($"/proc/{process}/environ");

    /// <summary>Completes when the last of them is dead: a stranger's end has no event to wait for.</summary>
    public static Task GoneAsync(int server, CancellationToken cancellationToken) =>
        Eventually.IsAsync(() => Task.FromResult(ProcessesOf(server).Count), count => count == 0, cancellationToken);

    private static List<int> Find(int server, string mark)
    {
        var profile = string.Create(CultureInfo.InvariantCulture, $"openclaw-browser-{server}-");
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(directory), out var id)
                    && File.ReadAllText(Path.Combine(directory, "cmdline")) is var command
                    && command.Contains(profile, StringComparison.Ordinal) && command.Contains(mark, StringComparison.Ordinal)
                    && !command.StartsWith("/bin/sh", StringComparison.Ordinal))
                    found.Add(id);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // It died while it was looked at.
            }
        }

        return found;
    }
}
