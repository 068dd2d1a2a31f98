using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.State;

namespace OpenClaw.Grains.Tasks;

/// <summary>A task's definition as it is stored; how far it is with its slots stands in its row.</summary>
internal sealed record ScheduledTaskState
{
    /// <summary>Null: there is no such task.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string Name { get; init; } = "";

    public string? Cron { get; init; }

    public DateTimeOffset? At { get; init; }

    public int? EverySeconds { get; init; }

    /// <summary>Where equal distances are counted from: a whole second.</summary>
    public DateTimeOffset Anchor { get; init; }

    public string Zone { get; init; } = CreateTask.DefaultZone;

    public TaskActionState Action { get; init; } = new();

    public TaskOverlap Overlap { get; init; }

    public TaskMisfire Misfire { get; init; }

    /// <summary>Of one attempt, in milliseconds.</summary>
    public int Timeout { get; init; } = CreateTask.DefaultTimeout;

    public int Retries { get; init; } = CreateTask.DefaultRetries;

    public bool Paused { get; init; }

    /// <summary>One of <see cref="PausedReasons"/> when the server paused it.</summary>
    public string? PausedReason { get; init; }

    /// <summary>The API key that it ends with, or null.</summary>
    public string? KeyId { get; init; }

    /// <summary>What its runs may do.</summary>
    public Scopes Scopes { get; init; }

    public bool Exists() => CreatedAt is not null;

    public TaskSchedule Schedule() => new() { Cron = Cron, At = At, EverySeconds = EverySeconds };

    /// <summary>Slots are kept to the millisecond: one that lay between two would be found again behind itself.</summary>
    public ScheduledTaskState With(TaskSchedule schedule) =>
        this with { Cron = schedule.Cron, At = schedule.At?.AsStored(), EverySeconds = schedule.EverySeconds };
}

/// <summary>What a task does, as it is stored; see <see cref="TaskAction"/>.</summary>
internal sealed record TaskActionState
{
    public TaskActionType Type { get; init; }

    public string? Skill { get; init; }

    public string? Action { get; init; }

    /// <summary>JSON.</summary>
    public string? Parameters { get; init; }

    public string? SessionId { get; init; }

    public string? Content { get; init; }

    public string? Model { get; init; }

    public string? Command { get; init; }

    public string? Directory { get; init; }

    public static TaskActionState Of(TaskAction action) => new()
    {
        Type = action.Type,
        Skill = action.Skill,
        Action = action.Action,
        Parameters = action.Parameters.IsEmpty ? null : action.Parameters.ToString(),
        SessionId = action.SessionId,
        Content = action.Content,
        Model = action.Model,
        Command = action.Command,
        Directory = action.Directory,
    };

    public TaskAction ToAction() => new()
    {
        Type = Type,
        Skill = Skill,
        Action = Action,
        Parameters = Parameters is null ? default : JsonPayload.From(Parameters),
        SessionId = SessionId,
        Content = Content,
        Model = Model,
        Command = Command,
        Directory = Directory,
    };
}

/// <summary>Why the server pauses a task; part of the API.</summary>
internal static class PausedReasons
{
    /// <summary>Its runs fail again and again.</summary>
    public const string Failures = "failures";

    /// <summary>The API key that it belongs to is gone.</summary>
    public const string Key = "key";
}
