using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Browser;

/// <summary>The browser of a silo and its limits. Section <c>OpenClaw:Browser</c>.</summary>
public sealed class BrowserOptions
{
    public const string Section = "OpenClaw:Browser";

    /// <summary><c>chromium</c>, or <c>off</c>: then every page is refused.</summary>
    [RegularExpression("chromium|off")]
    public string Engine { get; set; } = "chromium";

    /// <summary>Chromium's program; empty looks for the distribution's.</summary>
    public string Program { get; set; } = "";

    /// <summary>Contexts of a silo at once.</summary>
    [Range(1, 1000)]
    public int MaxContexts { get; set; } = 50;

    /// <summary>Contexts of a tenant in a silo at once.</summary>
    [Range(1, 1000)]
    public int MaxContextsPerTenant { get; set; } = 5;

    /// <summary>Pages of a context at once; one more closes itself.</summary>
    [Range(1, 100)]
    public int MaxPages { get; set; } = 8;

    /// <summary>Without a call for so long, a context is closed, and without a context the browser.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "24:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The browser starts with the server and stays, so that no page waits for it; it takes some 250 MiB.</summary>
    public bool KeepRunning { get; set; }

    /// <summary>Of one page's process, in MiB; beyond it the process is killed.</summary>
    [Range(64, 1_048_576)]
    public int PageMemoryMiB { get; set; } = 768;

    /// <summary>Of all pages' processes together, in MiB; beyond it the largest is killed.</summary>
    [Range(256, 1_048_576)]
    public int MemoryMiB { get; set; } = 3072;

    /// <summary>Of the processes that serve every page, the driver's included, in MiB; beyond it the browser is ended and starts anew.</summary>
    [Range(512, 1_048_576)]
    public int SharedMemoryMiB { get; set; } = 1536;

    /// <summary>Of what all pages together are downloading, in MiB; beyond it the downloads of the context with the most are ended.</summary>
    [Range(16, 1_048_576)]
    public int DownloadsMiB { get; set; } = 256;

    /// <summary>Where the server is root, the browser runs under the user of this number.</summary>
    [Range(1000, 2_000_000_000)]
    public int UserId { get; set; } = 51_999;
}
