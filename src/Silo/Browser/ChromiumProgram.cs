using System.Globalization;
using Microsoft.Playwright;
using OpenClaw.Grains.Browser;
using OpenClaw.Silo.Processes;

namespace OpenClaw.Silo.Browser;

/// <summary>
/// One run of Chromium, driven by Playwright over a pipe: under a user of its own where the server is root, with Chromium's own
/// sandbox, without the server's environment, and with no way to the network but a proxy. It dies with the server.
/// </summary>
internal sealed class ChromiumProgram : IAsyncDisposable
{
    private const string Prefix = "openclaw-browser-";
    private const int MaxProcesses = 16_384;

    /// <summary>Joins the groups, gives the profile to the user, says who it is, and becomes Chromium.</summary>
    private const string Launcher =
        """
        n=$1; shift
        while [ "$n" -gt 0 ]; do echo $$ >"$1" || exit 125; shift; n=$((n-1)); done
        directory=$1; user=$2; shift 2
        ulimit -c 0
        umask 077
        if [ -n "$user" ]; then chown "$user:$user" "$directory/profile" "$directory/downloads" || exit 125; fi
        echo $$ >"$directory/pid" || exit 125
        exec "$@"
        """;

    private static readonly string[] Programs = ["/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(10);

    private readonly IPlaywright _driver;
    private readonly ControlGroup? _group;
    private readonly string _directory;
    private readonly ICDPSession _session;
    private int _contexts;

    private ChromiumProgram(IPlaywright driver, Microsoft.Playwright.IBrowser browser, ICDPSession session, ControlGroup? group, string directory)
    {
        _driver = driver;
        _session = session;
        Browser = browser;
        _group = group;
        _directory = directory;
        ProcessId = int.Parse(File.ReadAllText(Path.Combine(directory, "pid")), CultureInfo.InvariantCulture);
        DriverId = ProcessTree.ParentOf(ProcessId);
        // It takes what pages say, at whatever length, so it is bounded with them.
        if (DriverId is { } driverId) group?.TryAdd(driverId);
    }

    public Microsoft.Playwright.IBrowser Browser { get; }

    public int ProcessId { get; }

    /// <summary>The process through which it is driven; null when that has died already.</summary>
    public int? DriverId { get; }

    /// <summary>Where a context's downloads may lie while they last. The browser makes it when there is a first.</summary>
    public string NewDownloadsDirectory() =>
        Path.Combine(_directory, "downloads", Interlocked.Increment(ref _contexts).ToString(CultureInfo.InvariantCulture));

    /// <summary>Tells the browser where a context's downloads go.</summary>
    public async Task SetDownloadsDirectoryAsync(string context, string directory) => await _session.SendAsync(
        "Browser.setDownloadBehavior",
        new Dictionary<string, object> { ["behavior"] = "allowAndName", ["browserContextId"] = context, ["downloadPath"] = directory });

    /// <summary>The program to start, or null when there is none.</summary>
    public static string? Find(BrowserOptions options) =>
        options.Program.Length > 0 ? (File.Exists(options.Program) ? options.Program : null) : Array.Find(Programs, File.Exists);

    /// <exception cref="PlaywrightException">It does not start.</exception>
    public static async Task<ChromiumProgram> StartAsync(string program, BrowserOptions options)
    {
        Sweep();
        // The driver would fetch browsers of its own.
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        // Short: a socket of the browser lies deep in it, and its path has 107 bytes.
        var directory = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Random.Shared.Next():x8}"));
        const UnixFileMode Passage = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Make(directory, Passage);
        var profile = Make(Path.Combine(directory, "profile"), Own);
        var downloads = Make(Path.Combine(directory, "downloads"), Own);
        var group = ControlGroup.TryCreate(((long)options.MemoryMiB + options.SharedMemoryMiB) * 5 / 4 << 20, MaxProcesses, Environment.ProcessorCount);
        IPlaywright? driver = null;
        try
        {
            driver = await Playwright.CreateAsync().WaitAsync(StartTime);
            var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = "/bin/sh",
                IgnoreAllDefaultArgs = true,
                Args = LaunchArguments(program, options, group, directory, profile),
                Env = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = profile, ["TMPDIR"] = profile, ["LANG"] = "C.UTF-8" },
                DownloadsPath = downloads,
                HandleSIGHUP = false,
                HandleSIGINT = false,
                HandleSIGTERM = false,
                Timeout = 30_000,
            });
            return new ChromiumProgram(driver, browser, await browser.NewBrowserCDPSessionAsync().WaitAsync(StartTime), group, directory);
        }
        catch
        {
            driver?.Dispose();
            group?.Dispose();
            Delete(directory);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Browser.CloseAsync().WaitAsync(CloseTime);
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException)
        {
            // It is dead, or will be when its driver ends.
        }

        try
        {
            await Task.Run(_driver.Dispose).WaitAsync(CloseTime);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // It hangs, or is dead: its process is ended below.
        }

        // By now a number may be another process's.
        if (ProcessTree.CommandLineOf(ProcessId).Contains(_directory, StringComparison.Ordinal)) ProcessTree.Kill(ProcessId);
        if (DriverId is { } driver && ProcessTree.ParentOf(driver) == Environment.ProcessId) ProcessTree.Kill(driver);
        _group?.Dispose();
        Delete(_directory);
    }

    private static List<string> LaunchArguments(string program, BrowserOptions options, ControlGroup? group, string directory, string profile)
    {
        string[] doors = [.. group?.Doors ?? []];
        var user = Environment.IsPrivilegedProcess ? options.UserId.ToString(CultureInfo.InvariantCulture) : "";
        List<string> arguments = ["-c", Launcher, "browser", doors.Length.ToString(CultureInfo.InvariantCulture), .. doors, directory, user, "/usr/bin/setpriv"];
        if (user.Length > 0) arguments.AddRange(["--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]);
        arguments.AddRange(["--no-new-privs", "--pdeathsig", "KILL", "--", program]);
        arguments.AddRange(
        [
            "--headless", "--remote-debugging-pipe", "--no-startup-window", $"--user-data-dir={profile}",
            // One way out: each context has a proxy, and what belongs to none has one that is not there. Names are resolved behind
            // the proxy, loopback is no exception, and nothing goes by UDP.
            "--proxy-server=socks5://127.0.0.1:1",
            "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--dns-prefetch-disable",
            "--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            // Nothing of its own accord.
            "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync",
            "--disable-client-side-phishing-detection", "--disable-component-extensions-with-background-pages", "--disable-domain-reliability",
            "--disable-breakpad", "--disable-crash-reporter", "--no-pings", "--no-first-run", "--no-default-browser-check", "--no-service-autorun",
            "--metrics-recording-only", "--password-store=basic", "--use-mock-keychain", "--disable-search-engine-choice-screen",
            "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,GlobalMediaControls,HttpsUpgrades,PaintHolding,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
            // As programs drive it.
            "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
            "--disable-hang-monitor", "--disable-prompt-on-repost", "--disable-dev-shm-usage", "--disable-gpu",
            "--force-color-profile=srgb", "--hide-scrollbars", "--mute-audio", "--noerrdialogs",
            string.Create(CultureInfo.InvariantCulture, $"--js-flags=--max-old-space-size={options.PageMemoryMiB}"),
        ]);
        return arguments;
    }

    private static string Make(string directory, UnixFileMode mode) =>
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(directory).FullName : Directory.CreateDirectory(directory, mode).FullName;

    /// <summary>Removes what servers that were killed have left; their browsers died with them.</summary>
    private static void Sweep()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(directory)[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}")) Delete(directory);
        }
    }

    private static void Delete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another user's, or a last process still writes; the next start tries again.
        }
    }
}
