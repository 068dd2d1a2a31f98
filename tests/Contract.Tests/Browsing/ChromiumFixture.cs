using Microsoft.Playwright;

namespace OpenClaw.Contract.Tests.Browsing;

/// <summary>The distribution's Chromium, without a window. Nothing is downloaded.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private const string Program = "chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = FindChromium(),
            // Chromium's sandbox refuses to run as root; the pages are our own.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, Program))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"There is no '{Program}' in the PATH; install it with: apt-get install chromium");
}
