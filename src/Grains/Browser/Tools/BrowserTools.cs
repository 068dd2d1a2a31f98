using System.Globalization;
using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Browser.Tools;

/// <summary>What the browser tools have in common.</summary>
internal static class BrowserTools
{
    /// <summary>The browser context of the conversation: its name is the session's id.</summary>
    public static IBrowserGrain Browser(this ToolCallContext context, IGrainFactory grains) =>
        grains.GetBrowser(new BrowserKey(context.Session.Tenant, context.Session.SessionId));

    /// <summary>Where the page is, in words for the model, with what was downloaded.</summary>
    public static string Tell(PageState page)
    {
        var told = new StringBuilder("The page is open");
        if (page.Status is { } status) told.Append(CultureInfo.InvariantCulture, $" (HTTP status {status})");
        told.Append(".\n").Append(UntrustedText.Fence("Its address and title", $"{page.Url}\n{page.Title}")).Append('\n');
        Tell(told, page.Downloads);
        return told.ToString().TrimEnd();
    }

    /// <summary>What was downloaded. A page chooses its files' names, so they are fenced like all that it says.</summary>
    public static void Tell(StringBuilder told, IReadOnlyList<PageDownload> downloads)
    {
        foreach (var download in downloads)
        {
            told.Append(download.Path is { } path
                ? UntrustedText.Fence("It gave a file, which is now in the workspace as", path)
                : $"It gave a file, which was not kept: {download.Problem?.English}.").Append('\n');
        }
    }

    public static TurnAction Opened(PageState page) => ToolActions.Of(ToolActions.PageOpened, "url", page.Url);

    /// <summary>Files that a page gave, for the client.</summary>
    public static IEnumerable<TurnAction> Kept(IReadOnlyList<PageDownload> downloads) =>
        downloads.Where(download => download.Path is not null).Select(download => ToolActions.Of(ToolActions.FileCreated, "path", download.Path!));
}
