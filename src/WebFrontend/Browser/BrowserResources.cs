using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Browser;

/// <summary>A page that was opened. <c>Status</c> is null where no document came from the network, as when the address gave a file.</summary>
internal sealed record OpenedPageResource(
    string Url, string Title, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Status, DownloadResource[]? Downloads);

/// <summary>The page after something was done to it.</summary>
internal sealed record PageResource(string Url, string Title, DownloadResource[]? Downloads);

/// <summary>A file that a page gave: where it lies in the workspace, or why it was not kept.</summary>
internal sealed record DownloadResource(string Name, string? Path, string? Error)
{
    /// <summary>Null, and so absent, when there was none.</summary>
    public static DownloadResource[]? Of(IReadOnlyList<PageDownload> downloads) =>
        downloads.Count == 0 ? null : [.. downloads.Select(download => new DownloadResource(download.Name, download.Path, download.Problem?.English))];
}

internal sealed record ScriptResultResource(RawJson Result, DownloadResource[]? Downloads);

internal sealed record SnapshotResource(string Url, string Title, string Snapshot, bool? Truncated);

internal sealed record ClosedBrowserResource(string Session, string Status);
