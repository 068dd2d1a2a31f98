namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>What a task does.</summary>
[GenerateSerializer, Alias("OpenClaw.TaskActionType")]
public enum TaskActionType
{
    /// <summary>Executes an action of an installed skill.</summary>
    Skill,

    /// <summary>Says something in a conversation.</summary>
    Message,

    /// <summary>Runs a shell command.</summary>
    Command,
}
