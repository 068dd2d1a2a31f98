using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Paging;
using OpenClaw.Grains.Secrets;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Running;
using OpenClaw.Grains.State;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills;

/// <inheritdoc cref="ISkillGrain"/>
[GrainType("skill")]
internal sealed partial class SkillGrain(
    [PersistentState(StateNames.Skill, StateStorage.Provider)] IPersistentState<SkillState> state,
    ISkillStore store,
    SkillFiles files,
    SkillPackages packages,
    SkillToolDiscovery discovery,
    ISecretProtector protector,
    TimeProvider time,
    ILogger<SkillGrain> logger) : Grain, ISkillGrain, ISkillVault
{
    /// <summary>What is durable. Reads interleave with changes, and must not see what may yet fail.</summary>
    private SkillState _current = new();

    private SkillInfo? _info;

    private SkillKey Key => SkillKey.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = state.State;
        _info = await DescribeAsync(_current);
    }

    public Task<SkillInfo?> Get(CancellationToken cancellationToken) => Task.FromResult(_info);

    public async Task<SkillInfo?> Confirm(CancellationToken cancellationToken)
    {
        if (!_current.Exists()) await store.RemoveAsync(Key.Tenant, Key.Name, CancellationToken.None);
        return _info;
    }

    public async Task<SkillChanged> Adopt(AdoptSkill request, CancellationToken cancellationToken)
    {
        var source = request.Source.ToString();
        if (_current.Exists() && _current.Source != source) return Refused(Problem.Conflict(SkillReasons.OtherSource, "source"));
        if (_current.Exists() && _current.Owner is { } owner && request.Owner is { } other && owner != other) return Refused(Problem.Conflict(SkillReasons.OtherOwner(owner), "owner"));
        if (await packages.FindAsync(Key.Tenant, request.Revision) is not { } package) return Refused(Problem.Internal(500, SkillReasons.FilesGone));
        var now = time.GetUtcNow();
        var next = _current with
        {
            InstalledAt = _current.InstalledAt ?? now,
            UpdatedAt = now,
            Source = source,
            Version = request.Version,
            Revision = request.Revision,
            Size = request.Size,
            Enabled = !_current.Exists() || _current.Enabled,
            Owner = request.Owner ?? _current.Owner,
        };
        if (next with { UpdatedAt = _current.UpdatedAt } == _current && _current.WarningEnglish is null) return await RefreshAsync();
        (next, var problem) = await DiscoverAsync(next, package, request.MayRun, cancellationToken);
        if (problem is not null) return Refused(problem);
        await store.AddAsync(Key.Tenant, Key.Name, CancellationToken.None);
        // Executions and turns that have begun keep the one before for a while, which begins before anybody is told of the change.
        if (_current.Exists() && _current.Revision != next.Revision) files.Retire(Key.Tenant, _current.Revision);
        var changed = await WriteAsync(next);
        LogInstalled(Key.Name, next.Version, Key.Tenant.Value);
        return changed;
    }

    public async Task<SkillChanged> SetEnabled(bool enabled, CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return Refused(Problem.NotFound("name", Reasons.SkillNotFound));
        return _current.Enabled == enabled
            ? new SkillChanged(_info, null)
            : await WriteAsync(_current with { Enabled = enabled, UpdatedAt = time.GetUtcNow() });
    }

    public async Task<SkillChanged> SetSecrets(IReadOnlyList<SkillSecretValue> secrets, bool mayRun, CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return Refused(Problem.NotFound("name", Reasons.SkillNotFound));
        var kept = _current.Secrets.Where(known => secrets.All(given => given.Name != known.Name)).ToList();
        // The first use of the keys reads the database and blocks.
        kept.AddRange(await Task.Run(
            () => secrets.Where(given => given.Value is not null)
                .Select(given => new SkillSecretState(given.Name, protector.Protect(new SecretPurpose(Key.Tenant, SecretKind.Skill), given.Value!)))
                .ToList(),
            cancellationToken));
        if (kept.Count > SkillSecretValue.MaxSecrets) return Refused(Problem.Invalid("secrets", SkillReasons.TooManySecrets));
        var next = _current with { Secrets = [.. kept.OrderBy(secret => secret.Name, StringComparer.Ordinal)], UpdatedAt = time.GetUtcNow() };
        // Without the right to ask anew, what is known of its tools stays.
        if (mayRun && await packages.FindAsync(Key.Tenant, next.Revision) is { } package)
        {
            (var discovered, var problem) = await DiscoverAsync(next, package, mayRun: true, cancellationToken);
            // What was given is kept all the same: the server may be away today.
            next = problem is null ? discovered : next with { WarningEnglish = problem.Reason!.English, WarningChinese = problem.Reason.Chinese };
        }

        return await WriteAsync(next);
    }

    public async Task<bool> Uninstall(CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return false;
        files.Retire(Key.Tenant, _current.Revision);
        await WriteAsync(new SkillState());
        await store.RemoveAsync(Key.Tenant, Key.Name, CancellationToken.None);
        LogUninstalled(Key.Name, Key.Tenant.Value);
        return true;
    }

    public async Task<SkillRunPage> ListRuns(int limit, string? cursor, CancellationToken cancellationToken)
    {
        PageCursor? after = null;
        if (cursor is not null && !PageCursor.TryParse(cursor, PagedList.SkillRuns, out after))
            return new SkillRunPage { Problem = Problem.Invalid("cursor", Reasons.InvalidCursor) };
        var rows = await store.ListRunsAsync(
            Key.Tenant, Key.Name, after?.CreatedAt ?? DateTimeOffset.MaxValue, after?.Id ?? "", limit + 1, cancellationToken);
        var page = rows.Take(limit).ToList();
        var dead = time.GetUtcNow() - SkillRunGrain.MaxTime;
        return new SkillRunPage
        {
            Runs = page.Select(run => new SkillRunInfo
            {
                RunId = run.RunId,
                Action = run.Action,
                Version = run.Version,
                Status = run.FinishedAt is null && run.StartedAt < dead ? "unknown" : run.Status,
                StartedAt = run.StartedAt,
                FinishedAt = run.FinishedAt,
                SessionId = run.SessionId,
                TurnId = run.TurnId,
            }).ToArray(),
            NextCursor = rows.Count > limit ? new PageCursor(PagedList.SkillRuns, page[^1].StartedAt, page[^1].RunId).ToString() : null,
        };
    }

    public Task<SkillVault?> Open(CancellationToken cancellationToken) => Task.FromResult(_info is { } skill
        ? new SkillVault
        {
            Skill = skill,
            Secrets = [.. _current.Secrets.Select(secret => new SkillVaultSecret(secret.Name, secret.Value))],
            Tools = [.. _current.Tools.Select(tool => new SkillVaultTool(tool.Server, tool.Name, tool.Parameters))],
        }
        : null);

    private static SkillChanged Refused(Problem problem) => new(null, problem);

    /// <summary>Asks the skill's servers for their tools. A problem when they do not tell and nothing says why.</summary>
    private async Task<(SkillState Next, Problem? Problem)> DiscoverAsync(SkillState next, SkillPackage package, bool mayRun, CancellationToken cancellationToken)
    {
        next = next with { Tools = [], WarningEnglish = null, WarningChinese = null };
        if (!SkillToolDiscovery.IsNeeded(package)) return (next, null);
        // To ask is to run what the skill brings along, with its secrets.
        if (!mayRun) return (next with { WarningEnglish = SkillReasons.McpNeedsExecute.English, WarningChinese = SkillReasons.McpNeedsExecute.Chinese }, null);
        var secrets = await Task.Run(() => SkillSecrets.Read(protector, Key.Tenant, next.Secrets.Select(secret => (secret.Name, secret.Value))), cancellationToken);
        if (!package.Manifest.RequiredSecrets.All(secrets.ContainsKey))
            return (next with { WarningEnglish = SkillReasons.McpWaits.English, WarningChinese = SkillReasons.McpWaits.Chinese }, null);
        var (tools, why) = await discovery.FindToolsAsync(Key, package, secrets, cancellationToken);
        return why is null
            ? (next with { Tools = [.. tools] }, null)
            : (next, Problem.Internal(502, SkillReasons.McpFailed(why)));
    }

    /// <summary>Nothing has changed but, maybe, that its files are there again.</summary>
    private async Task<SkillChanged> RefreshAsync()
    {
        _info = await DescribeAsync(_current);
        await GrainFactory.GetSkillCatalog(new SkillCatalogKey(Key.Tenant)).Note(Key.Name, _info);
        return new SkillChanged(_info, null);
    }

    private async Task<SkillInfo?> DescribeAsync(SkillState described)
    {
        if (!described.Exists()) return null;
        var package = await packages.FindAsync(Key.Tenant, described.Revision);
        return SkillDescription.Of(Key.Name, described, package?.Manifest);
    }

    private async Task<SkillChanged> WriteAsync(SkillState next)
    {
        var info = await DescribeAsync(next);
        await state.WriteAsync(next, this);
        (_current, _info) = (next, info);
        await GrainFactory.GetSkillCatalog(new SkillCatalogKey(Key.Tenant)).Note(Key.Name, info);
        return new SkillChanged(info, null);
    }

    [LoggerMessage(7001, LogLevel.Information, "The skill {Skill} {Version} was installed for the tenant {Tenant}")]
    private partial void LogInstalled(string skill, string version, string tenant);

    [LoggerMessage(7002, LogLevel.Information, "The skill {Skill} of the tenant {Tenant} was uninstalled")]
    private partial void LogUninstalled(string skill, string tenant);
}
