using Microsoft.Playwright;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>What a tenant's page costs over Playwright alone: the same page, in the same Chromium, without our server in between.</summary>
internal static class PagesScenario
{
    private const string Page = "<title>Page</title><h1>Welcome</h1><p>A page of this machine's.</p>";

    public static void Run(CommandLine options) => RunAsync(options).GetAwaiter().GetResult();

    private static async Task RunAsync(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        using var servers = new ServerSet(options);
        var (folder, environment) = servers.NewHome("sqlite");
        var staticFiles = Directory.CreateDirectory(Path.Combine(folder, "static")).FullName;
        await File.WriteAllTextAsync(Path.Combine(staticFiles, "a.html"), Page);
        using var bareServer = ServerProcess.Start(
            ServerSet.Bare, ServerSet.Built("OpenClaw.Benchmarks.BareProxy"), [],
            new Dictionary<string, string>(environment) { ["STATIC_FILES"] = staticFiles });
        var url = $"http://127.0.0.1:{bareServer.Target.Port}/static/a.html";
        environment["OpenClaw__Egress__AllowPrivateNetworks"] = "true";

        var (first, firstKept) = (new List<long>(), new List<long>());
        for (var round = 0; round < options.Number("rounds", 5); round++)
        {
            foreach (var (times, kept) in new[] { (first, "false"), (firstKept, "true") })
            {
                environment["OpenClaw__Browser__KeepRunning"] = kept;
                using var fresh = ServerSet.StartOurs(options, servers.NewHome("sqlite").Folder, environment);
                // One that is kept running is there by then.
                await Task.Delay(TimeSpan.FromSeconds(5));
                times.Add(Open(new ApiClient(fresh.Target), url));
            }
        }

        using var ourServer = ServerSet.StartOurs(options, folder, environment);
        var client = new ApiClient(ourServer.Target);
        using var driver = await Playwright.CreateAsync();
        await using var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/lib/chromium/chromium",
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
        });
        var page = await browser.NewPageAsync();
        var (alone, ours) = (new List<long>(), new List<long>());
        // One after the other, so that a noisy moment meets both; the first few compile what a page needs.
        for (var i = -10; i < options.Number("opens", 100); i++)
        {
            var start = Clock.Now;
            await page.GotoAsync(url);
            await page.TitleAsync();
            var bare = Clock.Now - start;
            var through = Open(client, url);
            if (i < 0) continue;
            alone.Add(bare);
            ours.Add(through);
        }

        Console.WriteLine("### A page\n");
        var table = new Table("what", "p50 ms", "p99 ms", "p50 over Playwright");
        var (firstTimes, keptTimes) = (new Distribution(first), new Distribution(firstKept));
        var (aloneTimes, ourTimes) = (new Distribution(alone), new Distribution(ours));
        table.Add("the first of a server", Table.Format(firstTimes.Percentile(50)), Table.Format(firstTimes.Percentile(100)), "-");
        table.Add("the first of one that keeps it running", Table.Format(keptTimes.Percentile(50)), Table.Format(keptTimes.Percentile(100)), "-");
        table.Add("Playwright alone", Table.Format(aloneTimes.Percentile(50)), Table.Format(aloneTimes.Percentile(99)), "-");
        table.Add("ours, through HTTP", Table.Format(ourTimes.Percentile(50)), Table.Format(ourTimes.Percentile(99)), Table.Format(ourTimes.Percentile(50) - aloneTimes.Percentile(50)));
        table.Print();
    }

    private static long Open(ApiClient client, string url)
    {
        using var connection = client.Connect();
        var start = Clock.Now;
        var status = connection.Send(client.Post("/api/browser/open", $$"""{"url":"{{url}}"}"""));
        var body = connection.ReadText();
        if (status != 200) throw new IOException($"{status}: {body}");
        return connection.ReceivedAt - start;
    }
}
