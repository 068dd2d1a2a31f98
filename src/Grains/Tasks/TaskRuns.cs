using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Sessions;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>Between the rows of runs and what clients see of them.</summary>
internal static class TaskRuns
{
    private const string IdPrefix = "run-";
    private const string SessionPrefix = "sess-";
    private const int IdBytes = 16;

    /// <summary>A run's id: of its task and slot, so that every attempt to make the run makes the same one.</summary>
    public static string IdOf(TaskKey task, DateTimeOffset slot, bool isManual) => IdPrefix + HashOf(task, slot, isManual);

    /// <summary>The conversation of a run that has one of its own.</summary>
    public static string SessionIdOf(string runId) => SessionPrefix + runId[IdPrefix.Length..];

    /// <summary>A run that is about to be, in the row's own terms.</summary>
    public static TaskRunState New(TaskKey task, DateTimeOffset slot, bool isManual, TaskActionState action, Guid claim)
    {
        var runId = IdOf(task, slot, isManual);
        return new TaskRunState
        {
            Key = task,
            Slot = slot,
            IsManual = isManual,
            RunId = runId,
            Status = TaskRunStatus.Queued,
            Claim = claim,
            SessionId = action.Type is TaskActionType.Message ? action.SessionId ?? SessionIdOf(runId) : null,
        };
    }

    /// <summary>The run as it begins.</summary>
    public static TaskRunState Begun(TaskRunState run, DateTimeOffset now) => run with { Status = TaskRunStatus.Running, Attempt = 1, StartedAt = now };

    public static TaskRunInfo Describe(TaskRunState run) => new()
    {
        RunId = run.RunId,
        ScheduledFor = run.Slot,
        IsManual = run.IsManual,
        Status = run.Status,
        Attempt = run.Attempt,
        StartedAt = run.StartedAt,
        FinishedAt = run.FinishedAt,
        NextAttemptAt = run.NextAttemptAt,
        Result = new JsonPayload(run.Result),
        Error = ErrorOf(run),
        SessionId = run.SessionId,
    };

    /// <summary>The status as the API names it.</summary>
    public static string NameOf(TaskRunStatus status) => status.ToString().ToLowerInvariant();

    public static Problem? ErrorOf(TaskRunState run) =>
        run.Error is null ? null : EventCodec.ToProblem(JsonSerializer.Deserialize(run.Error, TaskStateJson.Default.ProblemState)!);

    public static byte[]? Encode(Problem? error) =>
        error is null ? null : JsonSerializer.SerializeToUtf8Bytes(EventCodec.ToState(error), TaskStateJson.Default.ProblemState);

    private static string HashOf(TaskKey task, DateTimeOffset slot, bool isManual)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{task}\n{slot.ToUnixTimeMilliseconds()}\n{(isManual ? 1 : 0)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, IdBytes));
    }
}
