using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Registry;
using OpenClaw.Grains.State;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills;

/// <inheritdoc cref="ISkillCatalogGrain"/>
[GrainType("skill-catalog")]
internal sealed partial class SkillCatalogGrain(
    [PersistentState(StateNames.SkillCatalog, StateStorage.Provider)] IPersistentState<SkillCatalogState> state,
    ISkillStore store,
    SkillFiles files,
    SkillInstaller installer,
    BuiltInSkills builtIn,
    IOptions<SkillOptions> options,
    TimeProvider time,
    ILogger<SkillCatalogGrain> logger) : Grain, ISkillCatalogGrain, ISkillCatalogRecord, IDisposable
{
    private const int InstallsAtOnce = 2;

    /// <summary>More than a tenant may have: one that had its limit lowered sees all of its skills.</summary>
    private const int MaxListed = 10_000;

    /// <summary>What has been told is believed for so long: a grain may have changed and died before it told.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>Of fetching and checking, less than a caller waits.</summary>
    private static readonly TimeSpan InstallTime = TimeSpan.FromMinutes(3);

    /// <summary>What is not installed any more is kept for turns and executions that have begun.</summary>
    private static readonly TimeSpan RetiredTime = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _installing = new(InstallsAtOnce, InstallsAtOnce);
    private SortedDictionary<string, SkillInfo> _skills = new(StringComparer.Ordinal);
    private long? _loadedAt;
    private Task? _loading;

    /// <summary>What was told while the list was read: newer than what was read.</summary>
    private Dictionary<string, SkillInfo?>? _told;

    private TenantId Tenant => SkillCatalogKey.Parse(this.GetPrimaryKeyString()).Tenant;

    public async Task<SkillInfo[]> List(CancellationToken cancellationToken)
    {
        await LoadAsync();
        return [.. _skills.Values];
    }

    public async Task<SkillInfo?> Find(string name, CancellationToken cancellationToken)
    {
        await LoadAsync();
        return _skills.GetValueOrDefault(name);
    }

    public async Task<SkillChanged> Install(InstallSkill request, CancellationToken cancellationToken)
    {
        await LoadAsync();
        if (await GrainFactory.GetTenant(new TenantKey(Tenant)).Get(cancellationToken) is null)
            return Refused(Problem.Conflict(SkillReasons.NoTenant));
        await _installing.WaitAsync(cancellationToken);
        try
        {
            if (request.Name is { } wanted && FindExcess(wanted, 0) is { } tooMany) return Refused(tooMany);
            using var limit = new CancellationTokenSource(InstallTime, time);
            var fetched = await installer.FetchAsync(Tenant, request, limit.Token);
            if (fetched.Revision is not { } revision) return Refused(fetched.Problem!);
            if (FindExcess(fetched.Name, revision.Source is SkillSource.BuiltIn ? 0 : revision.Size) is { } excess) return Refused(excess);
            // It took its time: the tenant may be gone.
            if (await GrainFactory.GetTenant(new TenantKey(Tenant)).Get(CancellationToken.None) is null) return Refused(Problem.Conflict(SkillReasons.NoTenant));
            return await GrainFactory.GetSkill(new SkillKey(Tenant, fetched.Name)).Adopt(revision with { MayRun = request.MayRun }, CancellationToken.None);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Refused(Problem.Internal(504, RegistryReasons.Slow));
        }
        finally
        {
            _installing.Release();
        }
    }

    public Task Note(string name, SkillInfo? skill)
    {
        Take(_skills, name, skill);
        _told?[name] = skill;
        // One that has not read the list knows of one skill alone: the files of all others would look unused.
        if (_loadedAt is not null) Sweep();
        return Task.CompletedTask;
    }

    public void Dispose() => _installing.Dispose();

    public async Task Forget()
    {
        await state.ClearStateAsync(CancellationToken.None);
        DeactivateOnIdle();
    }

    private static SkillChanged Refused(Problem problem) => new(null, problem);

    private static void Take(SortedDictionary<string, SkillInfo> skills, string name, SkillInfo? skill)
    {
        if (skill is null) skills.Remove(name);
        else skills[name] = skill;
    }

    private Problem? FindExcess(string name, long size)
    {
        if (!_skills.ContainsKey(name) && _skills.Count >= options.Value.MaxSkills) return Problem.Conflict(SkillReasons.TooManySkills(options.Value.MaxSkills));
        var others = _skills.Values.Where(skill => skill.Name != name && skill.Source is not SkillSource.BuiltIn).Sum(skill => skill.Size);
        return size > 0 && others + size > (long)options.Value.MaxStorageMiB << 20
            ? Problem.Invalid("name", SkillReasons.TooManyBytes(options.Value.MaxStorageMiB), status: 413)
            : null;
    }

    private ValueTask LoadAsync()
    {
        if (_loadedAt is { } at && time.GetElapsedTime(at) < MaxAge) return ValueTask.CompletedTask;
        if (_loading is not { IsCompleted: false }) _loading = ReadAsync();
        return new ValueTask(_loading);
    }

    private async Task ReadAsync()
    {
        var readAt = time.GetTimestamp();
        _told = [];
        try
        {
            var read = new SortedDictionary<string, SkillInfo>(StringComparer.Ordinal);
            var names = await store.ListAsync(Tenant, MaxListed, CancellationToken.None);
            var skills = await Task.WhenAll(names.Select(name => FindSkillAsync(name)));
            for (var i = 0; i < names.Count; i++) Take(read, names[i], skills[i]);
            foreach (var (name, told) in _told) Take(read, name, told);
            _skills = read;
        }
        finally
        {
            _told = null;
        }

        // A tenant that is not there yet is looked at anew by the next call.
        if (state.State.FurnishedAt is null && !await FurnishAsync()) return;
        _loadedAt = readAt;
        Sweep();
    }

    private async Task<SkillInfo?> FindSkillAsync(string name)
    {
        var skill = GrainFactory.GetSkill(new SkillKey(Tenant, name));
        return await skill.Get(CancellationToken.None) ?? await skill.Confirm(CancellationToken.None);
    }

    /// <summary>Gives a tenant the skills that every tenant has, once in its life; a crash in between does it again.</summary>
    /// <returns>False when there is no such tenant.</returns>
    private async Task<bool> FurnishAsync()
    {
        if (await GrainFactory.GetTenant(new TenantKey(Tenant)).Get(CancellationToken.None) is null) return false;
        foreach (var name in BuiltInSkills.Everyones)
        {
            if (_skills.ContainsKey(name)) continue;
            var adopted = await builtIn.FindAsync(name) is { } revision
                ? await GrainFactory.GetSkill(new SkillKey(Tenant, name)).Adopt(revision, CancellationToken.None)
                : null;
            if (adopted?.Skill is not null) continue;
            // Not written down, so that it is tried again: a silo may not see the built-in skills yet.
            LogNotFurnished(name, Tenant.Value);
            return true;
        }

        await state.WriteAsync(new SkillCatalogState { FurnishedAt = time.GetUtcNow() }, this);
        return true;
    }

    /// <summary>Removes files that nothing uses any more, in the background.</summary>
    private void Sweep()
    {
        var (tenant, used, before) = (Tenant, _skills.Values.Select(skill => skill.Revision).ToHashSet(StringComparer.Ordinal), (time.GetUtcNow() - RetiredTime).UtcDateTime);
        _ = Task.Run(() =>
        {
            try
            {
                files.Sweep(tenant, used, before);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogNotSwept(failure, tenant.Value);
            }
        });
    }

    [LoggerMessage(7005, LogLevel.Warning, "The tenant {Tenant} could not be given the built-in skill {Skill}; it is tried again")]
    private partial void LogNotFurnished(string skill, string tenant);

    [LoggerMessage(7003, LogLevel.Warning, "Files of skills that the tenant {Tenant} has no more could not be removed; it is tried again")]
    private partial void LogNotSwept(Exception exception, string tenant);
}
