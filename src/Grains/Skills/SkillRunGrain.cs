using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Events;
using OpenClaw.Grains.Secrets;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;
using OpenClaw.Grains.Skills.Running;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Skills;

namespace OpenClaw.Grains.Skills;

/// <inheritdoc cref="ISkillRunGrain"/>
[GrainType("skill-run")]
internal sealed partial class SkillRunGrain(
    ISkillStore store,
    SkillPackages packages,
    ISecretProtector protector,
    IEnumerable<ISkillActionRunner> runners,
    EventBell events,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SkillRunGrain> logger) : Grain, ISkillRunGrain, IDisposable
{
    /// <summary>No execution is older than this and still runs.</summary>
    public static readonly TimeSpan MaxTime = SkillAction.MaxTimeout + TimeSpan.FromMinutes(1);

    /// <summary>How long what it came to can be read.</summary>
    private static readonly TimeSpan KeptTime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ReadPatience = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _cancelled = new();
    private Task<SkillRunResult>? _result;
    private bool _started;

    private SkillRunKey Key => SkillRunKey.Parse(this.GetPrimaryKeyString());

    public async Task<Problem?> Start(StartSkillRun run, CancellationToken cancellationToken)
    {
        if (_started) return Problem.Conflict(SkillReasons.Known);
        _started = true;
        var (prepared, problem) = await PrepareAsync(run, cancellationToken);
        if (prepared is null)
        {
            DeactivateOnIdle();
            return problem;
        }

        // Whoever asked for it may have left meanwhile.
        if (cancellationToken.IsCancellationRequested || _cancelled.IsCancellationRequested) return Problem.Internal(503, SkillReasons.Cancelled);
        await store.BeginRunAsync(prepared.Record, CancellationToken.None);
        DelayDeactivation(prepared.Execution.Action.Timeout + KeptTime);
        // Off the grain: what it does takes long, and reads of it must not wait.
        _result = Task.Run(() => ExecuteAsync(prepared), CancellationToken.None);
        _ = LeaveAsync(_result);
        return null;
    }

    public async Task<SkillRunProgress?> Read(CancellationToken cancellationToken)
    {
        if (_result is not { } result) return null;
        await Task.WhenAny(result, Task.Delay(ReadPatience, time, cancellationToken));
        return new SkillRunProgress(result.IsCompleted ? await result : null);
    }

    public Task Cancel() => _cancelled.CancelAsync();

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_result is null) return;
        await _cancelled.CancelAsync();
        await _result;
    }

    public void Dispose() => _cancelled.Dispose();

    private async Task<(PreparedRun? Run, Problem? Problem)> PrepareAsync(StartSkillRun run, CancellationToken cancellationToken)
    {
        var key = new SkillKey(Key.Tenant, run.Skill).ToString();
        if (await GrainFactory.GetGrain<ISkillVault>(key).Open(cancellationToken) is not { Skill: var skill } vault)
            return Refused(Problem.NotFound("name", Reasons.SkillNotFound));
        if (!skill.Enabled) return Refused(Problem.Conflict(SkillReasons.Disabled));
        var revision = run.Revision ?? skill.Revision;
        if (await packages.FindAsync(Key.Tenant, revision) is not { } package) return Refused(Problem.Conflict(SkillReasons.FilesGone));
        var (action, unknown) = SkillActions.Find(package, revision, vault, run.Action);
        if (action is null) return Refused(unknown!);
        var parameters = JsonElement.Parse(run.Parameters.Utf8.Span);
        if (ToolSchema.Find(action.Parameters, parameters) is { } objection)
            return Refused(Problem.Invalid(PathOf(objection.Path), SkillReasons.Text(objection.Reason)));
        var runner = runners.First(candidate => candidate.Takes(action.Runner));
        var secrets = await Task.Run(() => SkillSecrets.Read(protector, Key.Tenant, vault.Secrets.Select(secret => (secret.Name, secret.Value))), cancellationToken);
        if (runner.SecretsOf(package, action.Runner).FirstOrDefault(name => !secrets.ContainsKey(name)) is { } missing)
            return Refused(Problem.Conflict(SkillReasons.SecretMissing(run.Skill, missing)));
        if (await runner.FindProblemAsync(action.Runner, cancellationToken) is { } unavailable) return Refused(unavailable);
        var execution = new SkillExecution
        {
            Tenant = Key.Tenant,
            RunId = Key.RunId,
            Package = package,
            Action = action,
            Parameters = parameters,
            Secrets = secrets,
            Scopes = run.Scopes,
            KeyId = run.KeyId,
            SessionId = run.SessionId,
        };
        var record = new SkillRunState
        {
            Tenant = Key.Tenant,
            Skill = run.Skill,
            StartedAt = time.GetUtcNow(),
            RunId = Key.RunId,
            Action = action.Name,
            Version = run.Version ?? skill.Version,
            Revision = revision,
            SessionId = run.SessionId,
            TurnId = run.TurnId,
            Status = "running",
        };
        return (new PreparedRun(execution, runner, record), null);

        static (PreparedRun?, Problem?) Refused(Problem problem) => (null, problem);
    }

    /// <summary>Never throws: whatever happens is how it ended.</summary>
    private async Task<SkillRunResult> ExecuteAsync(PreparedRun run)
    {
        var (execution, runner, record) = run;
        TenantContext.Set(execution.Tenant);
        var began = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(execution.Action.Timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _cancelled.Token, lifetime.ApplicationStopping);
        SkillOutcome outcome;
        try
        {
            outcome = await runner.RunAsync(execution, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            outcome = timeout.IsCancellationRequested
                ? SkillOutcome.TimedOut(execution.Action.Timeout)
                : new SkillOutcome(SkillRunStatus.Cancelled, default, new LocalizedText("it was cancelled, or its server stopped", "已取消,或服务器已停止"));
        }
        catch (Exception failure)
        {
            LogFailed(failure, record.Skill, record.Action, execution.Tenant.Value);
            outcome = SkillOutcome.Failure(Reasons.Unexpected);
        }

        var duration = time.GetElapsedTime(began);
        await EndAsync(record with { FinishedAt = time.GetUtcNow(), Status = outcome.Status.ToString().ToLowerInvariant() }, duration, outcome.Error);
        return new SkillRunResult
        {
            Action = record.Action,
            Status = outcome.Status,
            Result = outcome.Result,
            Error = outcome.Error,
            DurationMilliseconds = (long)duration.TotalMilliseconds,
            Version = record.Version,
        };
    }

    private async Task EndAsync(SkillRunState record, TimeSpan duration, LocalizedText? error)
    {
        try
        {
            await store.EndRunAsync(record, SkillEvents.Executed(record, duration, error), CancellationToken.None);
            _ = events.Ring(record.Tenant);
        }
        catch (Exception failure)
        {
            // It has ended all the same; the record shows that nobody knows how.
            LogNotRecorded(failure, record.Skill, record.Tenant.Value);
        }
    }

    private async Task LeaveAsync(Task result)
    {
        await result;
        await Task.Delay(KeptTime, time);
        DeactivateOnIdle();
    }

    private static string PathOf(string path) => path.Length == 0 ? "params" : path.StartsWith('[') ? "params" + path : "params." + path;

    [LoggerMessage(7010, LogLevel.Error, "The action {Action} of the skill {Skill} failed unexpectedly for the tenant {Tenant}")]
    private partial void LogFailed(Exception exception, string skill, string action, string tenant);

    [LoggerMessage(7011, LogLevel.Warning, "How an execution of the skill {Skill} ended could not be written down for the tenant {Tenant}")]
    private partial void LogNotRecorded(Exception exception, string skill, string tenant);

    /// <summary>An execution that is to begin.</summary>
    /// <param name="Execution">What is to be done.</param>
    /// <param name="Runner">Who does it.</param>
    /// <param name="Record">What is written of it.</param>
    private sealed record PreparedRun(SkillExecution Execution, ISkillActionRunner Runner, SkillRunState Record);
}
