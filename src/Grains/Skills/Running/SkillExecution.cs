using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>An execution that was checked and is to be made.</summary>
internal sealed record SkillExecution
{
    public required TenantId Tenant { get; init; }

    public required string RunId { get; init; }

    public required SkillPackage Package { get; init; }

    public required SkillAction Action { get; init; }

    /// <summary>They fit the action's schema.</summary>
    public required JsonElement Parameters { get; init; }

    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    public required Scopes Scopes { get; init; }

    /// <summary>The API key of whoever executes it; null when it is not known.</summary>
    public string? KeyId { get; init; }

    /// <summary>The conversation that it is made for, or null.</summary>
    public string? SessionId { get; init; }
}

/// <summary>What an execution came to.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Result">JSON, empty where there is none; a failure may have one too.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record SkillOutcome(SkillRunStatus Status, JsonPayload Result, LocalizedText? Error)
{
    public static SkillOutcome Success(JsonPayload result) => result.Utf8.Length > SkillRunResult.MaxBytes
        ? Failure(TooLarge)
        : new SkillOutcome(SkillRunStatus.Succeeded, result, null);

    public static SkillOutcome Failure(LocalizedText error, JsonPayload result = default) =>
        new(SkillRunStatus.Failed, result.Utf8.Length > SkillRunResult.MaxBytes ? default : result, error);

    public static SkillOutcome TimedOut(TimeSpan time) => new(
        SkillRunStatus.Timeout,
        default,
        new LocalizedText($"it was ended because its time was over ({time.TotalSeconds:0} seconds)", $"执行超过时限({time.TotalSeconds:0} 秒),已被终止"));

    /// <summary>What an execution may answer is bounded.</summary>
    public static LocalizedText TooLarge { get; } = new("the result is larger than 1 MiB; let the action write a file", "结果超过 1 MiB,请让该动作写入文件");
}

/// <summary>Makes executions of one kind of runner.</summary>
internal interface ISkillActionRunner
{
    /// <summary>Whether it makes those of this runner.</summary>
    bool Takes(SkillRunner runner);

    /// <summary>Secrets without which the execution cannot begin.</summary>
    IEnumerable<string> SecretsOf(SkillPackage package, SkillRunner runner);

    /// <summary>Why nothing of the kind can be run here, or null.</summary>
    Task<Problem?> FindProblemAsync(SkillRunner runner, CancellationToken cancellationToken) => Task.FromResult<Problem?>(null);

    /// <summary>Makes it. An expected failure is an outcome.</summary>
    /// <exception cref="OperationCanceledException">Its time is over, or it was cancelled.</exception>
    Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken);
}
