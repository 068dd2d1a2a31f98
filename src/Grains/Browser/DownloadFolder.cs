using System.Globalization;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;

namespace OpenClaw.Grains.Browser;

/// <summary>What pages give is kept in <c>/Downloads</c> of the tenant's workspace, under a name that is free there.</summary>
internal sealed class DownloadFolder(IGrainFactory grains)
{
    private const string Folder = "/Downloads";
    private const int MaxNameChars = 60;
    private const int MaxTries = 100;

    /// <param name="tenant">Whose workspace.</param>
    /// <param name="name">As the page named it.</param>
    /// <param name="file">Where it lies for now.</param>
    public async Task<PageDownload> StoreAsync(TenantId tenant, string name, string file)
    {
        // It is called from outside any grain.
        TenantContext.Set(tenant);
        if (new FileInfo(file).Length > ReadFile.MaxLength) return new PageDownload(name, null, BrowserReasons.DownloadTooLarge);
        var workspace = grains.GetWorkspace(new WorkspaceKey(tenant));
        var content = await File.ReadAllBytesAsync(file);
        var (stem, extension) = SafeName(name);
        for (var number = 0; number < MaxTries; number++)
        {
            var path = number == 0 ? $"{Folder}/{stem}{extension}" : string.Create(CultureInfo.InvariantCulture, $"{Folder}/{stem} ({number}){extension}");
            var found = await workspace.Find(path, CancellationToken.None);
            if (found.Problem is not { Status: 404 }) continue;
            var written = await workspace.Write(new WriteFile { Path = path, Content = content }, CancellationToken.None);
            return written.Problem is { } problem ? new PageDownload(name, null, problem.Reason) : new PageDownload(name, path, null);
        }

        return new PageDownload(name, null, BrowserReasons.DownloadFailed);
    }

    /// <summary>A name of one level, whatever the page called it.</summary>
    private static (string Stem, string Extension) SafeName(string name)
    {
        var safe = string.Concat(name.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('/' or '\\' or ':'))).Trim(' ', '.');
        var extension = Path.GetExtension(safe);
        if (extension.Length > 16) extension = "";
        var stem = safe[..^extension.Length];
        if (stem.Length > MaxNameChars) stem = stem[..MaxNameChars];
        return (stem.Length == 0 ? "download" : stem, extension);
    }
}
