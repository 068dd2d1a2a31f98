using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Commands;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Grains.Skills.Registry;
using OpenClaw.Grains.Workspaces;
using OpenClaw.Storage.Skills;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Skills.Installation;

/// <summary>Brings a skill's files from where they are to where installed skills are, checked.</summary>
internal sealed class SkillInstaller(
    SkillFiles files,
    WorkspaceStore workspaces,
    BuiltInSkills builtIn,
    SkillRegistry registry,
    IOptions<SkillOptions> options,
    IOptions<CommandOptions> commands)
{
    /// <summary>Of a skill that says none.</summary>
    public const string FirstVersion = "1.0.0";

    /// <summary>Installed skills and those replaced within the hour may have so many times the limit together.</summary>
    private const int RetiredShare = 2;

    /// <summary>The name and the revision, or why it is not installed. What was fetched and is not wanted is gone again.</summary>
    public async Task<FetchedSkill> FetchAsync(TenantId tenant, InstallSkill request, CancellationToken cancellationToken)
    {
        if (request.Source is SkillSource.BuiltIn) return await FindBuiltInAsync(request);
        var staging = await Task.Run(files.CreateStaging, cancellationToken);
        try
        {
            return request.Source is SkillSource.File
                ? await Task.Run(() => FetchFile(tenant, request, staging, cancellationToken), cancellationToken)
                : await FetchFromRegistryAsync(tenant, request, staging, cancellationToken);
        }
        finally
        {
            await Task.Run(() => SkillFiles.Discard(staging), CancellationToken.None);
        }
    }

    private async Task<FetchedSkill> FindBuiltInAsync(InstallSkill request)
    {
        if (await builtIn.FindAsync(request.Name!) is not { } found)
            return FetchedSkill.Refused(Problem.NotFound("name", SkillReasons.NoBuiltIn(string.Join(", ", builtIn.Names()))));
        return request.Version is { } version && version != found.Version
            ? FetchedSkill.Refused(Problem.NotFound("version", SkillReasons.OtherVersion(found.Version)))
            : new FetchedSkill(request.Name!, found, null);
    }

    private FetchedSkill FetchFile(TenantId tenant, InstallSkill request, string staging, CancellationToken cancellationToken)
    {
        if (WorkspacePath.TryParse(request.Path ?? "", out var path) is { } fault) return FetchedSkill.Refused(Problem.Invalid("path", FileReasons.Of(fault)));
        var tree = workspaces.Open(tenant);
        var found = tree.Find(path);
        if (!found.IsSuccess)
        {
            return FetchedSkill.Refused(found.Error is WorkspaceError.NotFound or WorkspaceError.NotDirectory
                ? Problem.NotFound("path", SkillReasons.NotFound)
                : Problem.Invalid("path", SkillReasons.NotAPackage));
        }

        var content = Directory.CreateDirectory(Path.Combine(staging, "content")).FullName;
        SkillPackageError? error;
        if (found.Value!.IsDirectory)
        {
            error = SkillFolder.Copy(tree, path, content, PackageLimits.Workspace, cancellationToken);
        }
        else
        {
            using var archive = File.Create(Path.Combine(staging, "archive.zip"));
            var left = PackageLimits.Workspace.MaxBytes;
            if (SkillFolder.CopyOut(tree, path, archive, ref left, cancellationToken) is not WorkspaceError.None || left < 0)
                return FetchedSkill.Refused(Problem.Invalid("path", SkillReasons.NotAPackage));
            archive.Position = 0;
            error = SkillArchive.Extract(archive, content, PackageLimits.Workspace);
        }

        return error is null
            ? Place(tenant, request, content, "path", null)
            : FetchedSkill.Refused(Problem.Invalid("path", error.Told));
    }

    private async Task<FetchedSkill> FetchFromRegistryAsync(TenantId tenant, InstallSkill request, string staging, CancellationToken cancellationToken)
    {
        await using var archive = File.Create(Path.Combine(staging, "archive.zip"));
        var (download, refused) = await registry.DownloadAsync(request.Name!, request.Owner, request.Version, request.Force, archive, cancellationToken);
        if (download is null) return FetchedSkill.Refused(refused!);
        var content = Directory.CreateDirectory(Path.Combine(staging, "content")).FullName;
        archive.Position = 0;
        if (await Task.Run(() => SkillArchive.Extract(archive, content, PackageLimits.Registry), cancellationToken) is { } error)
            return FetchedSkill.Refused(Problem.Internal(502, error.Told));
        var fingerprint = await Task.Run(() => SkillFolder.Fingerprint(content), cancellationToken);
        if (await registry.VerifyAsync(download, fingerprint, cancellationToken) is { } unverified) return FetchedSkill.Refused(unverified);
        return await Task.Run(() => Place(tenant, request, content, "name", download), cancellationToken);
    }

    private FetchedSkill Place(TenantId tenant, InstallSkill request, string content, string field, RegistryDownload? download)
    {
        var (manifest, error) = SkillManifestReader.Read(content, isBuiltIn: false);
        if (manifest is null) return FetchedSkill.Refused(Problem.Invalid(field, error!.Told));
        if (request.Name is { } name && name != manifest.Name) return FetchedSkill.Refused(Problem.Invalid("name", SkillReasons.OtherName(manifest.Name)));
        var version = download?.Version ?? manifest.Version ?? FirstVersion;
        if (request.Version is { } wanted && wanted != version) return FetchedSkill.Refused(Problem.NotFound("version", SkillReasons.OtherVersion(version)));
        if (FindRoom(tenant) is { } full) return FetchedSkill.Refused(full);
        var size = Directory.EnumerateFiles(content, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);
        var revision = files.Adopt(content, tenant, SkillFolder.ContentHash(content), isBuiltIn: false);
        return new FetchedSkill(manifest.Name, new AdoptSkill { Source = request.Source, Version = version, Revision = revision, Size = size, Owner = download?.OwnerHandle }, null);
    }

    /// <summary>Before more is kept: what was replaced is there for an hour, and no limit of what is installed counts it.</summary>
    private Problem? FindRoom(TenantId tenant)
    {
        if (!files.HasFreeDisk((long)commands.Value.MinFreeDiskMiB << 20)) return Problem.Internal(503, SkillReasons.NoRoom, retryAfterSeconds: 60);
        return files.Measure(tenant) > RetiredShare * ((long)options.Value.MaxStorageMiB << 20)
            ? Problem.Invalid("name", SkillReasons.TooManyBytes(options.Value.MaxStorageMiB), status: 413)
            : null;
    }
}

/// <summary>A skill whose files are in place, or why they are not.</summary>
internal sealed record FetchedSkill(string Name, AdoptSkill? Revision, Problem? Problem)
{
    public static FetchedSkill Refused(Problem problem) => new("", null, problem);
}
